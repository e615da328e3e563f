"""The other covers and the small pictures: a light one, a black and white one, and faces to follow."""

import math
import random

from PIL import Image, ImageChops, ImageDraw

from upbeat.web.pages.preview.paint import SIDE, Rgb, blended, font, gradient, grain, tracked

_TWICE = SIDE * 2
"""Flat shapes are drawn twice as large, so that their edges are smooth."""


def half_past_summer() -> Image.Image:
    """A light cover: a low sun over a striped sea, cut from paper."""
    big = Image.new("RGB", (_TWICE, _TWICE), (255, 226, 196))
    draw = ImageDraw.Draw(big)
    centre = (_TWICE * 0.5, _TWICE * 0.6)
    for radius, shade in (
        (1020, (255, 210, 168)),
        (820, (255, 188, 140)),
        (620, (250, 150, 110)),
        (420, (232, 84, 62)),
    ):
        draw.ellipse(
            (centre[0] - radius, centre[1] - radius, centre[0] + radius, centre[1] + radius), fill=shade
        )
    sea = [(64, 140, 150), (122, 184, 178), (186, 214, 196), (246, 238, 214), (150, 198, 190), (44, 116, 132)]
    for i, shade in enumerate(sea):
        top = _TWICE * (0.62 + i * 0.068)
        wave = [
            (x, top + 26 * math.sin(x / 250 + i * 1.7) + 12 * math.sin(x / 97 + i))
            for x in range(0, _TWICE + 20, 20)
        ]
        draw.polygon([*wave, (_TWICE, _TWICE), (0, _TWICE)], fill=shade)
    _gulls(draw)
    cover = big.resize((SIDE, SIDE), Image.Resampling.LANCZOS)
    words = ImageDraw.Draw(cover)
    tracked(words, (80, 236), "half past", font("InterDisplay-Black", 180), (206, 62, 44), -0.05)
    tracked(words, (80, 392), "summer", font("InterDisplay-Black", 180), (206, 62, 44), -0.05)
    tracked(words, (1148, 122), "Pia Lund", font("Inter-SemiBold", 38), (206, 62, 44), 0)
    return grain(cover, 0.14, 3)


def _gulls(draw: ImageDraw.ImageDraw) -> None:
    for x, y, span in ((2020, 900, 150), (2300, 1060, 100), (1840, 1090, 80)):
        for side in (-1, 1):
            box = sorted((x, x + side * span))
            draw.arc(
                (box[0], y, box[1], y + span * 0.6), 190, 350, fill=(96, 54, 48), width=max(8, span // 9)
            )


def counter_light() -> Image.Image:
    """A black and white cover: thin bars that grow thick where the light stands, and a cut through it."""
    big = Image.new("RGB", (_TWICE, _TWICE), "white")
    draw = ImageDraw.Draw(big)
    pitch, centre, radius = 56, (_TWICE * 0.5, _TWICE * 0.645), 860
    for x in range(pitch // 2, _TWICE, pitch):
        draw.rectangle((x - 4, 900, x + 3, _TWICE), fill="black")
        reach = radius * radius - (x - centre[0]) ** 2
        if reach <= 0:
            continue
        half = math.sqrt(reach)
        for top in range(int(centre[1] - half), int(centre[1] + half), 20):
            place = (top - centre[1]) / radius
            thick = 8 + 40 * (0.5 + 0.5 * place) ** 1.3
            slip = 28 if -0.08 < place < 0.2 else 0
            draw.rectangle((x + slip - thick / 2, top, x + slip + thick / 2, top + 20), fill="black")
    cover = big.resize((SIDE, SIDE), Image.Resampling.LANCZOS)
    words = ImageDraw.Draw(cover)
    tracked(words, (64, 232), "Gegenlicht", font("InterDisplay-ExtraBold", 214), (0, 0, 0), -0.055)
    tracked(words, (70, 330), "Kammer Sieben", font("Inter-SemiBold", 44), (0, 0, 0), -0.01)
    return cover


def face() -> Image.Image:
    """Marlo Venn against the evening, from behind."""
    picture = gradient([(0, (18, 34, 66)), (0.6, (64, 120, 132)), (1, (236, 190, 130))], 480, 480)
    draw = ImageDraw.Draw(picture)
    ink = (8, 14, 26)
    draw.ellipse((166, 96, 318, 268), fill=ink)
    draw.rounded_rectangle((158, 170, 326, 318), 60, fill=ink)
    draw.rectangle((206, 260, 276, 370), fill=ink)
    draw.ellipse((64, 338, 418, 720), fill=ink)
    return _small(picture)


def letter_picture(words: str, ground: Rgb, ink: Rgb) -> Image.Image:
    """A label's sign: a disc of colour with a shape and its initials."""
    picture = Image.new("RGB", (480, 480), ground)
    draw = ImageDraw.Draw(picture)
    for i in range(4):
        draw.rectangle((0, 330 + i * 40, 480, 346 + i * 40), fill=blended(ground, ink, 0.35))
    draw.text((240, 210), words, font=font("InterDisplay-ExtraBold", 190), fill=ink, anchor="mm")
    return _small(picture)


def waves() -> Image.Image:
    """A playlist's picture: a night sea."""
    picture = gradient(
        [(0, (12, 22, 54)), (0.5, (46, 104, 132)), (0.52, (10, 40, 62)), (1, (4, 14, 28))], 480, 480
    )
    draw = ImageDraw.Draw(picture)
    rng = random.Random(5)
    for _ in range(240):
        y = 256 + 220 * rng.random() ** 1.4
        x, long = rng.gauss(240, 60 + (y - 256) / 3), 12 + (y - 250) / 5
        draw.line((x, y, x + long, y), fill=blended((46, 104, 132), (255, 226, 170), rng.random()), width=3)
    draw.ellipse((206, 130, 274, 198), fill=(255, 240, 206))
    return _small(ImageChops.screen(picture, Image.new("RGB", picture.size, (6, 8, 12))))


def _small(picture: Image.Image) -> Image.Image:
    return picture.resize((120, 120), Image.Resampling.LANCZOS)
