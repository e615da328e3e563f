"""`python -m upbeat.web.pages.preview OUT_DIR`: every fan page with invented data, to be looked at in a browser.

Serve the folder (`python -m http.server -d OUT_DIR`): the pages ask for /static/ and /media/.
"""

import shutil
import sys
from pathlib import Path

from upbeat.web.pages.preview.invented import DEMO, artwork, pages

_STATIC = DEMO.parent


def write(folder: Path) -> list[str]:
    """Lay pages, covers and static files into the folder; the names of the pages, in order."""
    (folder / "media").mkdir(parents=True, exist_ok=True)
    shutil.copytree(_STATIC, folder / "static" / "pages", dirs_exist_ok=True)
    made = pages()
    for name in ("night-ferry-north", "half-past-summer", "gegenlicht"):
        for size, data in artwork(name).renditions.items():
            (folder / "media" / f"{name}-{size}.jpg").write_bytes(data)
    for name, rendered in made.items():
        (folder / f"{name}.html").write_text(rendered.html, encoding="utf-8")
    links = "".join(f'<li><a href="{name}.html">{name}</a>' for name in made)
    (folder / "index.html").write_text(
        f"<!doctype html><title>Fan pages</title><ul>{links}</ul>", encoding="utf-8"
    )
    return list(made)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("Say where to: python -m upbeat.web.pages.preview OUT_DIR")
    names = write(Path(sys.argv[1]))
    print(f"{len(names)} pages in {sys.argv[1]}. To look: python -m http.server -d {sys.argv[1]}")
