"""An uploaded cover: checked, and encoded anew in the sizes the pages need. Bytes in, bytes out; no models, no disk.

What we keep is a picture we have drawn again ourselves: sRGB, upright, without a byte of the upload's metadata (a
place, a name, a thumbnail of something else).
"""

import hashlib
import io
import threading
import warnings
from dataclasses import dataclass

from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

SIZES = (480, 960, 1400)
MOST_BYTES = 20 * 1024 * 1024
MOST_SIDE, MOST_PIXELS, LEAST_SIDE = 8000, 50_000_000, 640
_FORMATS = ("JPEG", "PNG", "WEBP", "TIFF", "GIF", "BMP")
_OBLONG = 0.02
"""A cover may be this far from square; what is over is cut off evenly, a hundredth on each side at the most."""
_BUDGETS = {480: 40_000, 960: 120_000, 1400: 260_000}
_ENOUGH = 2 * max(SIZES)
_REDUCIBLE = ("L", "LA", "RGB", "RGBA", "CMYK", "I", "F")
_QUALITIES = (86, 80, 74, 68, 60, 50, 40, 30, 20, 12)

_ONE_AT_A_TIME = threading.Lock()
"""A large picture takes some 200 MB while it is decoded: two of them wait for each other."""

Image.init()  # without it Pillow knows only some of the formats by name


class UnusableArtwork(Exception):  # noqa: N818 - it is what the file is
    """A file that cannot be a cover. The message is a sentence for the team: what is wrong, and what would be right."""


@dataclass(frozen=True, slots=True)
class Artwork:
    """A cover ready to be stored. `sha256` is of the upload; `width` of the largest rendition, in pixels."""

    sha256: str
    width: int
    renditions: dict[int, bytes]
    """By size (480, 960, 1400) a progressive JPEG of that width, or of the cover's own where that is smaller."""
    picture: Image.Image
    """The cover itself, square, in sRGB: what the palette is taken from."""


def read_artwork(upload: bytes) -> Artwork:
    """Check an upload and make its renditions. Raises `UnusableArtwork`; decodes nothing before its size is known."""
    _check_bytes(upload)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with _ONE_AT_A_TIME, Image.open(io.BytesIO(upload), formats=_FORMATS) as image:
                _check_header(image)
                picture = _squared(_in_srgb(_upright(image)))
    except (UnidentifiedImageError, Image.DecompressionBombWarning, Image.DecompressionBombError) as problem:
        raise _too_big() if "ecompression" in type(problem).__name__ else _no_picture() from problem
    except (OSError, SyntaxError, ValueError, EOFError) as problem:
        raise UnusableArtwork(
            "This picture is damaged and cannot be opened. Export it again as JPEG or PNG."
        ) from problem
    renditions = {size: _rendition(picture, size) for size in SIZES}
    return Artwork(hashlib.sha256(upload).hexdigest(), min(picture.width, max(SIZES)), renditions, picture)


def _check_bytes(upload: bytes) -> None:
    if not upload:
        raise UnusableArtwork("This file is empty. Choose a JPEG or PNG of the cover.")
    if len(upload) > MOST_BYTES:
        raise UnusableArtwork(
            "This file is too large. A cover may have 20 MB at the most; a JPEG of 3000 by 3000 pixels is plenty."
        )
    if _is_svg(upload):
        raise UnusableArtwork(
            "An SVG is a drawing that can carry code. Export it as PNG, 3000 by 3000 pixels."
        )


def _is_svg(upload: bytes) -> bool:
    start = upload[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return start.startswith((b"<svg", b"<?xml", b"<!doctype svg", b"<!--"))


def _check_header(image: Image.Image) -> None:
    """What the header says, before a single pixel is decoded."""
    width, height = image.size
    if max(width, height) > MOST_SIDE or width * height > MOST_PIXELS:
        raise _too_big(width, height)
    if getattr(image, "n_frames", 1) > 1 and image.format != "MPO":
        raise UnusableArtwork(
            "This picture moves. A cover is a single picture: export one frame as JPEG or PNG."
        )
    if abs(width - height) > _OBLONG * max(width, height):
        raise UnusableArtwork(
            f"This picture is {width} by {height} pixels. A cover is square: cut it to {min(width, height)} by "
            f"{min(width, height)}."
        )
    if min(width, height) < LEAST_SIDE:
        raise UnusableArtwork(
            f"This picture is {width} by {height} pixels. A cover needs {LEAST_SIDE} at least; 3000 by 3000 is best."
        )


def _upright(image: Image.Image) -> Image.Image:
    """The picture as it is to be seen, and not much larger than we need it: 49 million pixels fill a small server."""
    image.draft(None, (_ENOUGH, _ENOUGH))  # a JPEG is decoded at half its size or less
    ImageOps.exif_transpose(image, in_place=True)
    factor = min(image.size) // _ENOUGH
    return image.reduce(factor) if factor > 1 and image.mode in _REDUCIBLE else image


def _in_srgb(image: Image.Image) -> Image.Image:
    """The picture as 8-bit sRGB, transparent parts on white, its own colour profile honoured."""
    profile = image.info.get("icc_profile")
    if image.mode.startswith("I") or image.mode == "F":
        image = _eight_bit(image)
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        layer = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", layer.size, "white"), layer).convert("RGB")
    if image.mode in ("P", "1"):
        image = image.convert("RGB")
    if profile and image.mode in ("RGB", "CMYK", "L"):
        image = _through(profile, image)
    return image.convert("RGB")


def _eight_bit(image: Image.Image) -> Image.Image:
    """A 16-bit grey picture in 8 bits: its upper byte, not what is left when it is cut off at 255."""
    highest = image.getextrema()[1]
    scale = 1 / 256 if isinstance(highest, (int, float)) and highest > 255 else 1.0
    return image.point(lambda value: value * scale).convert("L")


def _through(profile: bytes, image: Image.Image) -> Image.Image:
    """From the embedded profile to sRGB; a profile that does not fit the picture is ignored."""
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        target = ImageCms.createProfile("sRGB")
        converted = ImageCms.profileToProfile(image, source, target, outputMode="RGB")
    except (ImageCms.PyCMSError, OSError):
        return image
    return converted or image


def _squared(image: Image.Image) -> Image.Image:
    """Cut the two longer ends evenly, by what is over."""
    side = min(image.size)
    left, top = (image.width - side) // 2, (image.height - side) // 2
    return image.crop((left, top, left + side, top + side))


def _rendition(picture: Image.Image, size: int) -> bytes:
    """A progressive JPEG, never larger than the picture, in the best quality that keeps to the size's budget."""
    side = min(size, picture.width)
    small = picture.resize((side, side), Image.Resampling.LANCZOS, reducing_gap=3.0)
    small.info.clear()
    data = b""
    for quality in _QUALITIES:
        out = io.BytesIO()
        small.save(out, "JPEG", quality=quality, optimize=True, progressive=True)
        data = out.getvalue()
        if len(data) <= _BUDGETS[size]:
            break
    return data


def _too_big(width: int = 0, height: int = 0) -> UnusableArtwork:
    what = f"This picture is {width} by {height} pixels." if width else "This picture has too many pixels."
    return UnusableArtwork(
        f"{what} {MOST_SIDE} a side and 50 million in all is the most; 3000 by 3000 is plenty."
    )


def _no_picture() -> UnusableArtwork:
    return UnusableArtwork("This file is not a picture we can read. Choose a JPEG or PNG of the cover.")
