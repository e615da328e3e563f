"""Pictures for the invented music: geometry drawn from the id, the same on every machine."""

import colorsys
import io
from functools import lru_cache

from PIL import Image, ImageDraw

from upbeat_sandbox.ids import number_from

SIZES = (56, 64, 250, 300, 500, 640, 1000)
Colour = tuple[int, int, int]


class Dice:
    """A stream of small numbers that depends only on the id."""

    def __init__(self, name: str) -> None:
        self._name, self._turn = name, 0

    def roll(self, sides: int) -> int:
        self._turn += 1
        return number_from("cover", self._name, self._turn) % sides


def palette(dice: Dice) -> list[Colour]:
    """A ground and three colours that go with it: neighbours on the wheel and one opposite."""
    hue = dice.roll(360) / 360
    steps = ((hue, 0.42, 0.22), (hue + 0.06, 0.55, 0.52), (hue + 0.11, 0.50, 0.80), (hue + 0.5, 0.62, 0.92))
    made = [colorsys.hsv_to_rgb(one % 1, saturation, value) for one, saturation, value in steps]
    return [(int(red * 255), int(green * 255), int(blue * 255)) for red, green, blue in made]


@lru_cache(maxsize=512)
def drawn(name: str, size: int) -> bytes:
    """A square PNG, `size` pixels wide; drawn twice as large and scaled down for clean edges."""
    dice, side = Dice(name), 640
    colours = palette(dice)
    picture = Image.new("RGB", (side, side), colours[0])
    (horizon, rings, slats)[dice.roll(3)](ImageDraw.Draw(picture), dice, colours, side)
    buffer = io.BytesIO()
    picture.resize((size, size), Image.Resampling.LANCZOS).save(buffer, "PNG", optimize=size > 100)
    return buffer.getvalue()


def horizon(draw: ImageDraw.ImageDraw, dice: Dice, colours: list[Colour], side: int) -> None:
    """A disc over bands of sea."""
    radius, left, top = 90 + dice.roll(90), dice.roll(side // 2) + 40, 80 + dice.roll(140)
    draw.ellipse((left, top, left + 2 * radius, top + 2 * radius), fill=colours[3])
    level = 330 + dice.roll(80)
    while level < side:
        height = 18 + dice.roll(60)
        draw.rectangle((0, level, side, level + height), fill=colours[1 + dice.roll(2)])
        level += height + 8 + dice.roll(18)


def rings(draw: ImageDraw.ImageDraw, dice: Dice, colours: list[Colour], side: int) -> None:
    """Circles within circles, off centre."""
    left, top, radius = 200 + dice.roll(240), 200 + dice.roll(240), 420
    for turn in range(9):
        draw.ellipse(
            (left - radius, top - radius, left + radius, top + radius), fill=colours[turn % 3 + (turn == 8)]
        )
        radius = radius * 4 // 5
        left, top = left + dice.roll(25) - 12, top + dice.roll(25) - 12
    draw.ellipse((left - 38, top - 38, left + 38, top + 38), fill=colours[3])


def slats(draw: ImageDraw.ImageDraw, dice: Dice, colours: list[Colour], side: int) -> None:
    """Leaning boards with one that stands out."""
    lean, odd, edge = 80 + dice.roll(200), dice.roll(7), -lean_room(side)
    for number in range(9):
        width = 70 + dice.roll(60)
        colour = colours[3] if number == odd else colours[1 + number % 2]
        draw.polygon(
            [(edge + lean, 0), (edge + lean + width, 0), (edge + width, side), (edge, side)], fill=colour
        )
        edge += width + 14 + dice.roll(20)


def lean_room(side: int) -> int:
    return side // 3
