"""OKLCH colours, sRGB hexes and WCAG contrast. Matrices: Björn Ottosson, "A perceptual color space", 2020-12-23."""

from dataclasses import dataclass
from functools import lru_cache
from math import atan2, cos, degrees, hypot, radians, sin

Rgb = tuple[int, int, int]
Lab = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Colour:
    """Lightness 0–1, chroma 0–.4, hue in degrees."""

    l: float  # noqa: E741
    c: float
    h: float


def linear(channel: int) -> float:
    """An sRGB channel 0–255 as light 0–1."""
    value = channel / 255
    return value / 12.92 if value <= 0.04045 else float(((value + 0.055) / 1.055) ** 2.4)


_LINEAR = [linear(channel) for channel in range(256)]


def to_lab(rgb: Rgb) -> Lab:
    """An sRGB colour in OKLab."""
    r, g, b = _LINEAR[rgb[0]], _LINEAR[rgb[1]], _LINEAR[rgb[2]]
    long = (0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b) ** (1 / 3)
    medium = (0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b) ** (1 / 3)
    short = (0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b) ** (1 / 3)
    return (
        0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short,
    )


def polar(lab: Lab) -> Colour:
    """OKLab as OKLCH."""
    return Colour(lab[0], hypot(lab[1], lab[2]), degrees(atan2(lab[2], lab[1])) % 360)


@lru_cache(maxsize=512)
def hexed(colour: Colour) -> str:
    """The colour as "#rrggbb"; outside sRGB with as much chroma as fits, in steps of .002."""
    chroma = colour.c
    light = _light(colour.l, chroma, colour.h)
    while chroma > 0 and not all(-0.0005 <= channel <= 1.0005 for channel in light):
        chroma = max(chroma - 0.002, 0.0)
        light = _light(colour.l, chroma, colour.h)
    return "#" + "".join(f"{_channel(channel):02x}" for channel in light)


def contrast(one: str, other: str) -> float:
    """WCAG contrast of two hexes, 1–21."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def mixed(under: str, over: str, share: float) -> str:
    """`share` of `over` painted on `under`, in sRGB."""
    pairs = zip(_rgb(under), _rgb(over), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def _light(lightness: float, chroma: float, hue: float) -> tuple[float, float, float]:
    """Linear sRGB; outside 0–1 where the colour is not in sRGB."""
    a, b = chroma * cos(radians(hue)), chroma * sin(radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )


def _channel(light: float) -> int:
    light = min(max(light, 0.0), 1.0)
    value = 12.92 * light if light <= 0.0031308 else 1.055 * light ** (1 / 2.4) - 0.055
    return round(value * 255)


def _rgb(text: str) -> Rgb:
    return int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16)


@lru_cache(maxsize=512)
def _luminance(text: str) -> float:
    r, g, b = (_LINEAR[channel] for channel in _rgb(text))
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
