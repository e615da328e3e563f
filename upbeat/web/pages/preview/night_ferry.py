"""The cover of "Night Ferry North": northern lights over a black sea, and a ferry with its windows lit."""

import math
import random

from PIL import Image, ImageChops, ImageDraw

from upbeat.web.pages.preview.paint import (
    SIDE,
    Rgb,
    blended,
    font,
    glow,
    gradient,
    grain,
    noise_line,
    pixel,
    soft,
    tracked,
)

HORIZON = 846
_SKY: list[tuple[float, Rgb]] = [
    (0.0, (5, 9, 26)),
    (0.45, (8, 24, 48)),
    (0.8, (14, 52, 74)),
    (0.95, (40, 92, 104)),
    (1.0, (88, 128, 120)),
]
_WARM: Rgb = (255, 196, 112)
_CREAM: Rgb = (246, 236, 214)
_HULL: Rgb = (6, 12, 22)
_DECK: Rgb = (11, 20, 34)
_FERRY: list[tuple[Rgb, list[tuple[int, int]]]] = [
    (_HULL, [(0, 46), (14, 0), (406, 0), (462, 52), (400, 48)]),
    (_DECK, [(6, 84), (6, 44), (420, 44), (388, 84)]),
    (_HULL, [(30, 116), (30, 84), (366, 84), (344, 116)]),
    (_DECK, [(250, 138), (250, 116), (336, 116), (322, 138)]),
    (_HULL, [(92, 168), (84, 116), (156, 116), (150, 168)]),
    ((150, 52, 40), [(89, 156), (88, 146), (153, 146), (153, 156)]),
    (_HULL, [(289, 188), (289, 110), (291, 110), (291, 188)]),
    (_HULL, [(249, 150), (249, 110), (251, 110), (251, 150)]),
]
"""Hull, decks, bridge, funnel with its band, masts: colour and corners, from the stern and up from the waterline."""


def night_ferry() -> Image.Image:
    """The cover, 1400 by 1400."""
    rng = random.Random(41)
    sky = _stars(gradient(_SKY, HORIZON), rng)
    for curtain in (
        (0.54, 0.10, 340, (64, 246, 164), 1.5, 3),
        (0.36, 0.13, 280, (70, 220, 196), 1.0, 5),
        (0.26, 0.09, 330, (150, 108, 240), 0.95, 9),
    ):
        sky = ImageChops.screen(sky, _curtain(*curtain))
    canvas = Image.new("RGB", (SIDE, SIDE))
    canvas.paste(sky, (0, 0))
    _coast(canvas, rng)
    canvas.paste(_water(canvas.crop((0, 0, SIDE, HORIZON)), rng), (0, HORIZON))
    canvas = _ferry(canvas, rng)
    _title(canvas)
    return grain(canvas, 0.16, 7)


def _stars(sky: Image.Image, rng: random.Random) -> Image.Image:
    draw = ImageDraw.Draw(sky)
    for _ in range(420):
        x, y = rng.random() * SIDE, HORIZON * rng.random() ** 1.5
        bright = rng.random() ** 3
        size = 0.5 + 1.3 * bright
        under = pixel(sky, int(x), int(y))
        draw.ellipse(
            (x - size, y - size, x + size, y + size),
            fill=blended(under, (226, 236, 255), 0.25 + 0.7 * bright),
        )
    return sky


def _curtain(  # noqa: PLR0917 - a row of the table in night_ferry()
    base: float, wave: float, tall: float, colour: Rgb, strength: float, seed: int
) -> Image.Image:
    """One ribbon of northern lights: a bright lower hem, rays that fade upwards and turn violet."""
    rng = random.Random(seed)
    path, rays, fine, reach = (noise_line(rng, cells) for cells in (5, 34, 150, 9))
    width, height = 700, HORIZON // 2
    layer = Image.new("RGB", (width, height))
    pixels = layer.load()
    assert pixels is not None
    for x in range(width):
        at = x / width
        hem = height * (base + wave * 2 * (path(at) - 0.5) + 0.05 * math.sin(at * 7 + seed))
        power = strength * (0.25 + 0.75 * rays(at)) * (0.7 + 0.3 * fine(at)) * (0.35 + 0.65 * reach(at))
        high = tall / 2 * (0.5 + 0.8 * reach(1 - at))
        for y in range(height):
            up = (hem - y) / high
            light = math.exp(-up * 2.1) * min(1.0, up * 9) if up > 0 else 0.0
            if light > 0.012:
                shade = blended(colour, (118, 84, 206), min(1.0, up * 0.75))
                share = light * power
                pixels[x, y] = tuple(min(255, round(channel * share)) for channel in shade)
    return soft(layer.resize((SIDE, HORIZON), Image.Resampling.BICUBIC), 3)


def _coast(canvas: Image.Image, rng: random.Random) -> None:
    """Two ranges of low hills to the right, the far one paler, and a few lamps on the shore."""
    draw = ImageDraw.Draw(canvas)
    for start, tall, colour, cells in ((600, 92, (16, 44, 62), 9), (960, 62, (7, 20, 34), 13)):
        line = noise_line(rng, cells)
        edge = noise_line(rng, 90)
        hills = [
            (
                x,
                HORIZON
                - ((x - start) / (SIDE - start)) ** 0.75 * (tall * line((x - start) / (SIDE - start)) + 16)
                - 4 * edge(x / SIDE),
            )
            for x in range(start, SIDE + 1, 2)
        ]
        draw.polygon([(start, HORIZON + 2), *hills, (SIDE, HORIZON + 2)], fill=colour)
    for _ in range(16):
        x, y = rng.uniform(1000, SIDE), HORIZON - rng.uniform(2, 12)
        draw.ellipse((x - 1.4, y - 1.4, x + 1.4, y + 1.4), fill=blended(_WARM, (255, 240, 210), rng.random()))


def _water(above: Image.Image, rng: random.Random) -> Image.Image:
    """The sky upside down, darker with nearness, broken into strokes that grow towards us."""
    tall = SIDE - HORIZON
    mirror = above.transpose(Image.Transpose.FLIP_TOP_BOTTOM).resize((SIDE, round(tall * 1.25)))
    mirror = soft(mirror.crop((0, 0, SIDE, tall)), 5)
    dark = gradient([(0.0, (140, 150, 156)), (0.3, (112, 126, 136)), (1.0, (24, 30, 40))], tall)
    water = ImageChops.multiply(mirror, dark)
    draw = ImageDraw.Draw(water, "RGBA")
    for _ in range(9000):
        depth = rng.random() ** 1.7
        x, y = rng.uniform(-60, SIDE), depth * (tall - 4)
        long, thick = (10 + 120 * depth) * rng.uniform(0.4, 1.4), 0.8 + 5.5 * depth * rng.random()
        source = pixel(mirror, min(max(int(x + long / 2), 0), SIDE - 1), min(int(y * 0.8), tall - 1))
        if rng.random() < 0.5:
            ink = (*blended(source, (2, 8, 18), 0.8), round(120 * (0.5 + depth / 2)))
        else:
            ink = (*blended(source, (210, 246, 232), 0.12), round(105 * (1 - depth * 0.72)))
        draw.ellipse((x, y, x + long, y + thick), fill=ink)
    return soft(water, 0.7)


def _ferry(canvas: Image.Image, rng: random.Random) -> Image.Image:
    """The ferry, a little left of the middle, heading right; its light on the water below."""
    left, right, keel = 250, 690, HORIZON + 10
    canvas = glow(canvas, ((left + right) / 2, keel - 50), 420, (120, 74, 26), 0.75)
    draw = ImageDraw.Draw(canvas)
    for colour, corners in _FERRY:
        draw.polygon([(left + x, keel - y) for x, y in corners], colour)
    canvas = _windows(canvas, left, right, keel, rng)
    return _wake(canvas, left, right, keel, rng)


def _windows(canvas: Image.Image, left: int, right: int, keel: int, rng: random.Random) -> Image.Image:
    lights = Image.new("RGB", canvas.size)
    draw = ImageDraw.Draw(lights)
    for top, start, end, step, size in (
        (keel - 74, left + 22, right - 62, 17, (10, 13)),
        (keel - 106, left + 44, right - 106, 15, (9, 11)),
        (keel - 133, right - 180, right - 126, 13, (10, 9)),
        (keel - 30, left + 40, right - 60, 34, (5, 5)),
    ):
        for x in range(start, end, step):
            if rng.random() < 0.88:
                shade = blended(_WARM, (255, 232, 186), rng.random() * 0.8)
                draw.rectangle(
                    (x, top, x + size[0], top + size[1]),
                    fill=blended((60, 30, 10), shade, rng.uniform(0.6, 1)),
                )
    for x, y, colour in (
        (right - 150, keel - 190, (255, 244, 224)),
        (left + 250, keel - 152, (255, 236, 206)),
        (right + 14, keel - 58, (120, 255, 170)),
    ):
        draw.ellipse((x - 3.5, y - 3.5, x + 3.5, y + 3.5), fill=colour)
    bloom = ImageChops.add(soft(lights, 7), soft(lights, 24))
    return ImageChops.screen(ImageChops.screen(canvas, lights), bloom)


def _wake(canvas: Image.Image, left: int, right: int, keel: int, rng: random.Random) -> Image.Image:
    """Warm light from the windows, drawn down the water in short strokes, and a pale line of foam behind."""
    lights = Image.new("RGB", canvas.size)
    draw = ImageDraw.Draw(lights)
    for _ in range(1500):
        down = rng.random() ** 1.9
        y = keel + 4 + down * 330
        column = left + 30 + (right - left - 90) * (round(rng.random() * 13) / 13)
        x = column + rng.gauss(0, 5 + 26 * down)
        long, thick = 7 + 34 * down * rng.random(), 1.2 + 2.6 * down
        draw.ellipse(
            (x, y, x + long, y + thick),
            fill=blended((0, 0, 0), _WARM, (1 - down) ** 1.6 * rng.uniform(0.2, 0.85)),
        )
    for _ in range(160):
        x, far = rng.uniform(0, left + 40), rng.random()
        draw.ellipse(
            (x, keel - 2 + far * 7, x + 26, keel - 0.6 + far * 7),
            fill=blended((0, 0, 0), (170, 210, 204), 0.5 * x / left),
        )
    canvas = ImageChops.screen(canvas, soft(lights, 0.8))
    return ImageChops.screen(canvas, soft(lights, 12))


def _title(canvas: Image.Image) -> None:
    draw = ImageDraw.Draw(canvas)
    face = font("InterDisplay-SemiBold", 180)
    tracked(draw, (76, 1178), "Night Ferry", face, _CREAM, -0.042)
    tracked(draw, (76, 1334), "North", face, _CREAM, -0.042)
    tracked(draw, (1074, 1331), "MARLO VENN", font("Inter-Medium", 30), _CREAM, 0.16)
