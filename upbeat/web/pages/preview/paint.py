"""What the painted covers share: soft noise, gradients, grain, type. Pillow only; everything from a seed."""

import math
import random
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont

Rgb = tuple[int, int, int]
SIDE = 1400
_FONTS = Path("/usr/share/fonts/opentype/inter")


def noise_line(rng: random.Random, cells: int) -> Callable[[float], float]:
    """A smooth random line: x in 0–1 gives a value in 0–1."""
    knots = [rng.random() for _ in range(cells + 3)]

    def at(x: float) -> float:
        place = max(0.0, min(x, 1.0)) * cells
        cell = int(place)
        t = place - cell
        t = t * t * (3 - 2 * t)
        return knots[cell] * (1 - t) + knots[cell + 1] * t

    return at


def blended(one: Rgb, other: Rgb, share: float) -> Rgb:
    share = max(0.0, min(share, 1.0))
    r, g, b = (round(a + (c - a) * share) for a, c in zip(one, other, strict=True))
    return r, g, b


def pixel(image: Image.Image, x: int, y: int) -> Rgb:
    """The colour of one pixel of an RGB picture."""
    found = image.getpixel((x, y))
    assert isinstance(found, tuple)
    return found[0], found[1], found[2]


def gradient(stops: list[tuple[float, Rgb]], height: int, width: int = SIDE) -> Image.Image:
    """From top to bottom through the stops (place 0–1, colour)."""
    column = Image.new("RGB", (1, height))
    for y in range(height):
        place = y / max(height - 1, 1)
        below = next(i for i, (at, _) in enumerate(stops) if at >= place or i == len(stops) - 1)
        start, end = stops[max(below - 1, 0)], stops[below]
        span = end[0] - start[0] or 1.0
        column.putpixel((0, y), blended(start[1], end[1], (place - start[0]) / span))
    return column.resize((width, height))


def glow(
    canvas: Image.Image, centre: tuple[float, float], radius: float, colour: Rgb, strength: float
) -> Image.Image:
    """Light added around a point."""
    small = 200
    light = Image.new("L", (small, small))
    for y in range(small):
        for x in range(small):
            far = math.hypot(x - small / 2, y - small / 2) / (small / 2)
            light.putpixel((x, y), round(255 * strength * max(0.0, 1 - far) ** 2.4))
    size = round(radius * 2)
    layer = Image.new("RGB", canvas.size)
    mask = light.resize((size, size), Image.Resampling.BICUBIC)
    box = (round(centre[0] - radius), round(centre[1] - radius))
    layer.paste(Image.new("RGB", (size, size), colour), box, mask)
    return ImageChops.screen(canvas, layer)


def grain(canvas: Image.Image, strength: float, seed: int) -> Image.Image:
    """Fine film grain, the same every time."""
    rng = random.Random(seed)
    side = canvas.width
    data = bytes(min(255, max(0, round(rng.gauss(128, 26)))) for _ in range(side * side // 4))
    speckle = Image.frombytes("L", (side // 2, side // 2), data).resize(canvas.size, Image.Resampling.BICUBIC)
    over = ImageChops.overlay(canvas, Image.merge("RGB", (speckle, speckle, speckle)))
    return Image.blend(canvas, over, strength)


@lru_cache
def font(name: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(_FONTS / f"{name}.otf", size)


def tracked(  # noqa: PLR0917 - in the order of ImageDraw.text
    draw: ImageDraw.ImageDraw,
    at: tuple[float, float],
    text: str,
    face: ImageFont.FreeTypeFont,
    fill: Rgb,
    em: float,
) -> None:
    """Words with `em` of the size between their signs; kerning is kept."""
    x, y = at
    for i, sign in enumerate(text):
        draw.text((x, y), sign, font=face, fill=fill, anchor="ls")
        pair = text[i : i + 2]
        kern = face.getlength(pair) - face.getlength(pair[-1]) if len(pair) == 2 else face.getlength(sign)
        x += kern + em * face.size


def soft(image: Image.Image, radius: float) -> Image.Image:
    return image.filter(ImageFilter.GaussianBlur(radius))
