"""Draw the demonstration's pictures anew: `python -m upbeat.web.pages.preview.draw`.

Needs the Inter typeface (Debian: fonts-inter).
"""

from pathlib import Path

from PIL import Image

from upbeat.web.pages.preview.flat_covers import counter_light, face, half_past_summer, letter_picture, waves
from upbeat.web.pages.preview.night_ferry import night_ferry

DEMO = Path(__file__).parents[1] / "static" / "pages" / "demo"
_MOST = 300_000


def main() -> None:
    for name, cover in (
        ("night-ferry-north", night_ferry()),
        ("half-past-summer", half_past_summer()),
        ("gegenlicht", counter_light()),
    ):
        _keep(cover, name)
    for name, picture in (
        ("marlo-venn", face()),
        ("slow-crossings", waves()),
        ("harbour-lights", letter_picture("HL", (230, 92, 66), (255, 240, 220))),
        ("skerry-row", letter_picture("SR", (240, 230, 208), (24, 36, 54))),
    ):
        _keep(picture, name)


def _keep(picture: Image.Image, name: str) -> None:
    """As JPEG of 300 KB at the most."""
    path = DEMO / f"{name}.jpg"
    for quality in range(90, 50, -4):
        picture.save(path, "JPEG", quality=quality, progressive=True, optimize=True)
        if path.stat().st_size <= _MOST:
            break
    print(f"{path.name}: {path.stat().st_size} bytes")


if __name__ == "__main__":
    main()
