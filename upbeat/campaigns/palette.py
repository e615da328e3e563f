"""Nine colours from a cover, in a dark and a light outcome. Pure: a picture in, values out.

Colours are worked in OKLCH (Björn Ottosson, "A perceptual color space for image processing", 2020), contrast is WCAG
2.2's. The cover is seen as a handful of swatches; one becomes the field, one the tint, the rest follows from these.
Promised on any cover: ink 11.5, soft 5.2, on/tint 4.6, mark and edge 3.1 against what they stand on.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any, Literal

from PIL import Image

from upbeat.campaigns.oklch import Colour, contrast, hexed, mixed
from upbeat.campaigns.swatches import Swatch, swatches

Outcome = Literal["dark", "light"]

SOFT_CONTRAST, EDGE_CONTRAST, ON_CONTRAST = 5.2, 3.1, 4.6
_GREY = 0.012
"""Chroma below which nobody sees a hue."""


@dataclass(frozen=True, slots=True)
class Colours:
    """Nine colours as "#rrggbb": page, raised part, text, second text, hairline, border, accent, on it, its line."""

    field: str
    raised: str
    ink: str
    soft: str
    line: str
    edge: str
    tint: str
    on: str
    mark: str


@dataclass(frozen=True, slots=True)
class Palette:
    """Both outcomes, and which one is the cover's own: a dark cover is dark for all, a light one may be either."""

    native: Outcome
    dark: Colours
    light: Colours

    def as_json(self) -> dict[str, Any]:
        """For a JSON column; `from_json` reads it back."""
        return asdict(self)

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> "Palette":
        return cls(value["native"], Colours(**value["dark"]), Colours(**value["light"]))


@dataclass(frozen=True, slots=True)
class _Recipe:
    """What differs between the two outcomes. Ranges are (from, to)."""

    near: Callable[[float], bool]
    field_l: tuple[float, float]
    field_c: float
    raise_c: float
    ink_l: float
    ink_c: Callable[[float], float]
    soft_l: float
    edge_l: float
    tint_at: float
    tint_l: tuple[float, float]
    tint_c: tuple[float, float]
    step: float


_DARK = _Recipe(
    near=lambda lightness: lightness <= 0.45,
    field_l=(0.185, 0.265),
    field_c=0.050,
    raise_c=1.1,
    ink_l=0.965,
    ink_c=lambda c: min(c, 0.014),
    soft_l=0.74,
    edge_l=0.50,
    tint_at=0.78,
    tint_l=(0.72, 0.86),
    tint_c=(0.09, 0.16),
    step=0.01,
)
_LIGHT = _Recipe(
    near=lambda lightness: lightness >= 0.70,
    field_l=(0.905, 0.985),
    field_c=0.048,
    raise_c=0.45,
    ink_l=0.205,
    ink_c=lambda c: min(1.2 * c, 0.035),
    soft_l=0.50,
    edge_l=0.68,
    tint_at=0.54,
    tint_l=(0.40, 0.60),
    tint_c=(0.10, 0.19),
    step=-0.01,
)


def palette(cover: Image.Image) -> Palette:
    """The colours of a cover, whatever its size and mode."""
    found = swatches(cover)
    lightness = sum(one.weight * one.l for one in found)
    return Palette("dark" if lightness < 0.60 else "light", _colours(found, _DARK), _colours(found, _LIGHT))


PLAIN = Palette(
    "light",
    Colours(
        "#131313", "#1d1d1d", "#f3f3f3", "#ababab", "#323232", "#6c6c6c", "#f3f3f3", "#131313", "#f3f3f3"
    ),
    Colours(
        "#fafafa", "#ffffff", "#171717", "#636363", "#dadada", "#8c8c8c", "#171717", "#fafafa", "#171717"
    ),
)
"""Without a cover: grey."""


def _colours(found: list[Swatch], recipe: _Recipe) -> Colours:
    base = _base(found, recipe)
    c = base.c if base.c >= _GREY else 0.0
    field = Colour(_within(base.l, recipe.field_l), min(c, recipe.field_c), base.h)
    raised = Colour(min(field.l + 0.045, 1.0), field.c * recipe.raise_c, base.h)
    ground = (hexed(field), hexed(raised))
    ink = hexed(Colour(recipe.ink_l, recipe.ink_c(c), base.h))
    soft = _stepped(Colour(recipe.soft_l, min(c, 0.030), base.h), recipe.step, _stands(ground, SOFT_CONTRAST))
    edge = _stepped(Colour(recipe.edge_l, min(c, 0.035), base.h), recipe.step, _stands(ground, EDGE_CONTRAST))
    tint, on, mark = _accent(found, recipe, ground, ink, None if c == 0 else base.h)
    return Colours(*ground, ink, hexed(soft), mixed(ground[0], ink, 0.14), hexed(edge), tint, on, mark)


def _base(found: list[Swatch], recipe: _Recipe) -> Swatch:
    """The swatch the field is made of."""
    near = [one for one in found if recipe.near(one.l)]
    if sum(one.weight for one in near) < 0.05:
        near = found
    return max(near, key=lambda one: one.weight * (0.4 + 0.6 * min(_visible(one.c), 0.10) / 0.10))


def _accent(
    found: list[Swatch], recipe: _Recipe, ground: tuple[str, str], ink: str, hue: float | None
) -> tuple[str, str, str]:
    """Tint, what stands on it, and the mark. `hue` is the field's, None for a grey one."""
    strong = [one for one in found if one.c >= 0.055 and one.weight >= 0.004]
    if not strong:
        return ink, ground[0], ink
    best = max(strong, key=lambda one: _appeal(one, recipe, hue))
    lines = _stands(ground, EDGE_CONTRAST)
    if recipe is _LIGHT and 55 <= best.h <= 118:
        tint = Colour(_within(best.l, (0.80, 0.88)), _within(best.c, (0.11, 0.17)), best.h)
        on = hexed(Colour(0.19, 0.03, best.h))
    else:
        start = Colour(_within(best.l, recipe.tint_l), _within(best.c, recipe.tint_c), best.h)
        tint = _stepped(
            start, recipe.step, lambda one: lines(one) and contrast(hexed(one), _on(one)) >= ON_CONTRAST
        )
        on = _on(tint)
    return hexed(tint), on, hexed(_stepped(tint, recipe.step, lines))


def _appeal(one: Swatch, recipe: _Recipe, hue: float | None) -> float:
    """How much a swatch wants to be the tint: strong, not too rare, away from the field's hue, near the right light."""
    apart = 90.0 if hue is None else min(abs((one.h - hue + 180) % 360 - 180), 90.0)
    off = min(abs(one.l - recipe.tint_at), 0.45)
    return float(min(one.c, 0.17) * one.weight**0.25 * (0.45 + 0.55 * apart / 90) * (1 - 0.85 * off / 0.45))


def _on(tint: Colour) -> str:
    """Dark or light words on a tint, whichever reads better."""
    dark, light = hexed(Colour(0.19, 0.03, tint.h)), hexed(Colour(0.99, 0.006, tint.h))
    shown = hexed(tint)
    return dark if contrast(shown, dark) >= contrast(shown, light) else light


def _stands(ground: tuple[str, str], least: float) -> Callable[[Colour], bool]:
    return lambda one: all(contrast(hexed(one), under) >= least for under in ground)


def _stepped(start: Colour, step: float, holds: Callable[[Colour], bool]) -> Colour:
    """The first colour from `start` on, lighter or darker by `step`, that holds."""
    colour = start
    while not holds(colour) and 0 < colour.l + step < 1:
        colour = Colour(colour.l + step, colour.c, colour.h)
    return colour


def _visible(c: float) -> float:
    return c if c >= _GREY else 0.0


def _within(value: float, limits: tuple[float, float]) -> float:
    return min(max(value, limits[0]), limits[1])
