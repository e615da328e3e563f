"""An upload becomes a cover: checked before it is decoded, made plain sRGB, kept in three sizes without metadata."""

import hashlib
import io
import warnings
from dataclasses import dataclass, field

from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from upbeat.core.problem import Problem

MOST_BYTES = 20_000_000
SIZES = (480, 960, 1400)
_LEAST_SIDE, _MOST_SIDE = 640, 8_000
_MOST_PIXELS = 50_000_000
_SQUARE_TOLERANCE = 0.02
_MOST_RENDITION = {960: 120_000}
"""FAN-PAGES §7: the rendition a phone loads stays below 120 KB."""
_QUALITIES = (86, 80, 74, 68, 60, 52, 44, 36, 28)
_FORMATS = ("JPEG", "PNG", "WEBP", "TIFF")
_RIGHT = "Use a square JPEG or PNG of 1,400 pixels or more, as your distributor has it."


@dataclass(frozen=True, slots=True)
class Artwork:
    """A cover ready to be kept."""

    sha256: str
    """Of the upload as it came: the same file is the same cover."""
    width: int
    """Pixels a side, after cropping to a true square."""
    image: Image.Image = field(repr=False)
    """sRGB without transparency: what the colours are taken from."""
    renditions: dict[int, bytes] = field(repr=False)
    """A progressive JPEG for each of `SIZES`; a small upload is not blown up."""


def read(body: bytes) -> Artwork | Problem:
    """Make a cover of an upload, or say why it cannot be one. Nothing is decoded before its size is known."""
    if len(body) > MOST_BYTES:
        megabytes = len(body) / 1_000_000
        return Problem(
            "cover_heavy", f"The file has {megabytes:.0f} MB; a cover has 20 MB at the most.", _RIGHT
        )
    head = body[:1000].lstrip().lower()
    if head.startswith((b"<svg", b"<?xml", b"<!doctype svg")) or b"<svg" in head:
        return Problem("cover_svg", "This is an SVG drawing. Services and phones need a picture.", _RIGHT)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            opened = Image.open(io.BytesIO(body), formats=_FORMATS)
            problem = _unfit(opened)
            return problem or _artwork(opened, hashlib.sha256(body).hexdigest())
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        return _too_many_pixels()
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError):
        return Problem("cover_unreadable", "This file cannot be read as a picture.", _RIGHT)


def _unfit(opened: Image.Image) -> Problem | None:
    """Judged from the header alone."""
    width, height = opened.size
    if max(width, height) > _MOST_SIDE or width * height > _MOST_PIXELS:
        return _too_many_pixels()
    if getattr(opened, "n_frames", 1) > 1:
        return Problem("cover_animated", "This picture moves. A cover stands still.", _RIGHT)
    if min(width, height) < _LEAST_SIDE:
        wrong = (
            f"The picture has {width} × {height} pixels; a cover has {_LEAST_SIDE} × {_LEAST_SIDE} at least."
        )
        return Problem("cover_small", wrong, _RIGHT)
    if abs(width - height) > _SQUARE_TOLERANCE * max(width, height):
        return Problem(
            "cover_shape", f"The picture has {width} × {height} pixels; a cover is square.", _RIGHT
        )
    return None


def _too_many_pixels() -> Problem:
    return Problem("cover_large", "The picture has more than 50 million pixels.", _RIGHT)


def _artwork(opened: Image.Image, sha256: str) -> Artwork:
    image = _plain(opened)
    side = min(image.size)
    image = ImageOps.fit(image, (side, side))
    return Artwork(sha256, side, image, {size: _rendition(image, size) for size in SIZES})


def _plain(opened: Image.Image) -> Image.Image:
    """Upright, 8-bit sRGB on white, whatever came: CMYK, 16 bits, a profile, transparency, a camera's rotation."""
    profile = opened.info.get("icc_profile")
    image = ImageOps.exif_transpose(opened)
    if image.mode.startswith("I;16") or image.mode in ("I", "F"):
        image = image.convert("I").point(lambda value: value / 256).convert("L")
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        image = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image).convert("RGB")
    if profile and image.mode in ("RGB", "CMYK", "L"):
        image = _to_srgb(image, profile)
    return image.convert("RGB")


def _to_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    """Through the file's own colour profile; one that cannot be read is passed over."""
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        turned = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image
    return turned or image


def _rendition(image: Image.Image, size: int) -> bytes:
    """A JPEG of at most `size` pixels a side, without metadata, no heavier than its page can bear."""
    side = min(size, image.width)
    small = image.resize((side, side), Image.Resampling.LANCZOS) if side < image.width else image
    most = _MOST_RENDITION.get(size)
    for quality in _QUALITIES:
        out = io.BytesIO()
        small.save(out, "JPEG", quality=quality, progressive=True, optimize=True)
        if most is None or out.tell() <= most:
            break
    return out.getvalue()
