"""Nine colours from any cover: what was promised about them holds."""

import math
import random
import time
from dataclasses import astuple

import pytest
from PIL import Image, ImageDraw

from upbeat.campaigns.oklch import Colour, contrast, hexed, mixed, polar, to_lab
from upbeat.campaigns.palette import PLAIN, Colours, Palette, palette

SIDE = 96


def cover(*areas: tuple[str, float]) -> Image.Image:
    """Stripes of these colours, each with its share of the height."""
    image, draw, top = (picture := Image.new("RGB", (SIDE, SIDE))), ImageDraw.Draw(picture), 0.0
    for colour, share in areas:
        draw.rectangle((0, round(top), SIDE, round(top + share * SIDE)), fill=colour)
        top += share * SIDE
    return image


def random_cover(rng: random.Random) -> Image.Image:
    """Anything an artist may upload: a ground, shapes, sometimes noise, sometimes grey, sometimes all of it bright."""
    any_colour = lambda: tuple(rng.randrange(256) for _ in range(3))  # noqa: E731
    image = Image.new("RGB", (SIDE, SIDE), any_colour())
    draw = ImageDraw.Draw(image)
    for _ in range(rng.randrange(0, 14)):
        x, y, size = rng.randrange(SIDE), rng.randrange(SIDE), rng.randrange(2, 60)
        draw.ellipse((x - size, y - size, x + size, y + size), fill=any_colour())
    if rng.random() < 0.2:
        speckle = Image.frombytes("RGB", (SIDE, SIDE), rng.randbytes(SIDE * SIDE * 3))
        image = Image.blend(image, speckle, rng.random())
    if rng.random() < 0.15:
        image = image.convert("L").convert("RGB")
    return image.resize((24, 24)) if rng.random() < 0.5 else image


def worst(colours: Colours) -> dict[str, float]:
    ground = (colours.field, colours.raised)
    against = lambda one: min(contrast(one, under) for under in ground)  # noqa: E731
    return {
        "ink": against(colours.ink),
        "soft": against(colours.soft),
        "edge": against(colours.edge),
        "mark": against(colours.mark),
        "on": contrast(colours.on, colours.tint),
    }


def test_six_hundred_random_covers_keep_the_promised_contrasts() -> None:
    rng = random.Random(600)
    promised = {"ink": 11.5, "soft": 5.2, "edge": 3.1, "mark": 3.1, "on": 4.6}
    for turn in range(600):
        found = palette(random_cover(rng))
        for colours in (found.dark, found.light):
            short = {name: ratio for name, ratio in worst(colours).items() if ratio < promised[name]}
            assert not short, f"cover {turn}: {short} {colours}"


@pytest.mark.parametrize(
    ("areas", "native", "field_like", "tint_like"),
    [
        # a night sea with a strip of sun: dark blue field, warm tint
        ([("#0b1c30", 0.8), ("#f0b060", 0.2)], "dark", 250, 75),
        # a peach ground with red words: light peach field, red tint
        ([("#ffd5c4", 0.85), ("#e0452c", 0.15)], "light", 45, 32),
        # a cream ground with a blue that is only a little there
        ([("#f4ead2", 0.9), ("#2446a8", 0.1)], "light", 90, 265),
    ],
)
def test_the_field_is_the_covers_ground_and_the_tint_its_strongest_word(
    areas: list[tuple[str, float]], native: str, field_like: float, tint_like: float
) -> None:
    found = palette(cover(*areas))
    assert found.native == native
    colours = found.dark if native == "dark" else found.light
    assert apart(hue(colours.field), field_like) < 25
    assert apart(hue(colours.tint), tint_like) < 25


def test_black_and_white_gives_ink_as_its_tint() -> None:
    found = palette(cover(("#ffffff", 0.7), ("#000000", 0.3)))
    assert found == PLAIN


def test_dark_yellow_is_mud_so_yellow_stays_bright_on_a_light_page() -> None:
    found = palette(cover(("#ffffff", 0.6), ("#d8b400", 0.4))).light
    assert to_lab(rgb(found.tint))[0] >= 0.79
    assert to_lab(rgb(found.on))[0] < 0.3
    assert contrast(found.mark, found.field) >= 3.1


def test_what_lies_at_the_rim_counts_double() -> None:
    framed = cover(("#7a1f3d", 1.0))
    ImageDraw.Draw(framed).rectangle((8, 8, 87, 87), fill="#1f3d7a")
    whole = SIDE * SIDE
    assert whole / 2 < 80 * 80  # the middle has more pixels
    assert apart(hue(palette(framed).dark.field), 262) < 25


def test_transparent_parts_lie_on_white() -> None:
    clear = Image.new("RGBA", (64, 64), (0, 0, 0, 0))
    assert palette(clear).native == "light"


def test_the_same_cover_in_another_size_keeps_its_colours() -> None:
    small = cover(("#0b1c30", 0.75), ("#f0b060", 0.25))
    assert palette(small) == palette(small.resize((960, 960), Image.Resampling.NEAREST))


def test_a_palette_survives_its_json() -> None:
    found = palette(cover(("#0b1c30", 0.8), ("#f0b060", 0.2)))
    assert Palette.from_json(found.as_json()) == found
    assert all(len(value) == 7 for value in astuple(found.dark))


def test_an_upload_is_read_in_under_300_ms_of_work() -> None:
    noise = Image.frombytes("RGB", (1400, 1400), random.Random(1).randbytes(1400 * 1400 * 3))
    start = time.process_time()
    palette(noise)
    assert time.process_time() - start < 0.3


@pytest.mark.parametrize(
    ("text", "l", "c", "h"),
    [
        # CSS Color 4's examples of sRGB colours in OKLCH
        ("#ff0000", 0.628, 0.258, 29.2),
        ("#00ff00", 0.866, 0.295, 142.5),
        ("#0000ff", 0.452, 0.313, 264.1),
        ("#808080", 0.600, 0.000, None),
    ],
)
def test_oklch_is_the_published_one(text: str, l: float, c: float, h: float | None) -> None:  # noqa: E741
    found = polar(to_lab(rgb(text)))
    assert math.isclose(found.l, l, abs_tol=0.002)
    assert math.isclose(found.c, c, abs_tol=0.002)
    assert h is None or apart(found.h, h) < 0.3
    assert hexed(found) == text


def test_a_colour_outside_srgb_loses_chroma_and_keeps_its_light() -> None:
    shown = polar(to_lab(rgb(hexed(Colour(0.7, 0.4, 150)))))
    assert shown.c < 0.3
    assert math.isclose(shown.l, 0.7, abs_tol=0.01)


def test_contrast_and_mixing_are_as_defined() -> None:
    assert math.isclose(contrast("#000000", "#ffffff"), 21)
    assert math.isclose(contrast("#777777", "#ffffff"), 4.48, abs_tol=0.01)
    assert mixed("#000000", "#ffffff", 0.14) == "#242424"


def rgb(text: str) -> tuple[int, int, int]:
    return int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16)


def hue(text: str) -> float:
    return polar(to_lab(rgb(text))).h


def apart(one: float, other: float) -> float:
    return abs((one - other + 180) % 360 - 180)
