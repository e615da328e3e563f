"""A cover as a handful of swatches: what the eye keeps of it."""

import math
from dataclasses import dataclass

from PIL import Image

from upbeat.campaigns.oklch import Lab, polar, to_lab

SIDE, RIM = 96, 8
_BIN = (0.08, 0.04, 0.04)
_NEAR = 0.07


@dataclass(frozen=True, slots=True)
class Swatch:
    """One colour of the cover: its share of the weight (0–1), lightness, chroma and hue (degrees)."""

    weight: float
    l: float  # noqa: E741
    c: float
    h: float


@dataclass(slots=True)
class _Heap:
    """Pixels thrown together: their weight, and the weighted sum of their OKLab."""

    weight: float = 0.0
    total: tuple[float, float, float] = (0.0, 0.0, 0.0)

    def add(self, lab: Lab, weight: float) -> None:
        t = self.total
        self.total = (t[0] + lab[0] * weight, t[1] + lab[1] * weight, t[2] + lab[2] * weight)
        self.weight += weight

    @property
    def mean(self) -> Lab:
        return self.total[0] / self.weight, self.total[1] / self.weight, self.total[2] / self.weight


def swatches(cover: Image.Image) -> list[Swatch]:
    """The cover's colours, the heaviest first. What lies at the rim, next to the page, counts double."""
    kept: list[_Heap] = []
    for heap in sorted(_bins(cover).values(), key=lambda one: one.weight, reverse=True):
        lab = heap.mean
        near = next((one for one in kept if _distance(one.mean, lab) < _NEAR), None)
        if near is None:
            kept.append(heap)
        else:
            near.add(lab, heap.weight)
    whole = sum(one.weight for one in kept)
    found = []
    for one in kept:
        colour = polar(one.mean)
        found.append(Swatch(one.weight / whole, colour.l, colour.c, colour.h))
    return sorted(found, key=lambda one: one.weight, reverse=True)


def _bins(cover: Image.Image) -> dict[tuple[int, int, int], _Heap]:
    pixels = _flat(cover).resize((SIDE, SIDE), Image.Resampling.BOX).tobytes()
    weights: dict[bytes, float] = {}
    for at in range(SIDE * SIDE):
        rgb = pixels[3 * at : 3 * at + 3]
        weights[rgb] = weights.get(rgb, 0.0) + _WEIGHTS[at]
    bins: dict[tuple[int, int, int], _Heap] = {}
    for rgb, weight in weights.items():
        lab = to_lab((rgb[0], rgb[1], rgb[2]))
        key = (int(lab[0] // _BIN[0]), int(lab[1] // _BIN[1]), int(lab[2] // _BIN[2]))
        bins.setdefault(key, _Heap()).add(lab, weight)
    return bins


def _weight(at: int) -> float:
    inside = range(RIM, SIDE - RIM)
    return 1.0 if at % SIDE in inside and at // SIDE in inside else 2.0


_WEIGHTS = [_weight(at) for at in range(SIDE * SIDE)]


def _flat(cover: Image.Image) -> Image.Image:
    """In RGB, what is transparent on white."""
    if cover.mode == "RGB":
        return cover
    layer = cover.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", layer.size, "white"), layer).convert("RGB")


def _distance(one: Lab, other: Lab) -> float:
    return math.dist(one, other)
