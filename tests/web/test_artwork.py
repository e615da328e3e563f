"""What may be a cover, what may not, and what becomes of it."""

import io
import random
import struct
import zlib

import pytest
from PIL import Image, ImageCms, ImageDraw

from upbeat.campaigns.artwork import UnusableArtwork, read_artwork


def picture(width: int = 1000, height: int | None = None, mode: str = "RGB") -> Image.Image:
    image = Image.new("RGB", (width, height or width), (20, 60, 90))
    ImageDraw.Draw(image).rectangle((0, 0, width // 4, width // 4), fill=(240, 200, 120))
    return image.convert(mode)


def encoded(image: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def rendition(upload: bytes, size: int = 480) -> Image.Image:
    return Image.open(io.BytesIO(read_artwork(upload).renditions[size]))


def bomb(width: int, height: int) -> bytes:
    """A PNG whose header promises more than anybody should unpack, in a few hundred bytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")


def noisy(side: int) -> Image.Image:
    return Image.frombytes("RGB", (side, side), random.Random(7).randbytes(side * side * 3))


MOVING = encoded(picture(700), "GIF", save_all=True, append_images=[picture(700).rotate(90)])


@pytest.mark.parametrize(
    ("upload", "said"),
    [
        (b"", "empty"),
        (b"MZ\x90\x00 this is a program", "not a picture"),
        (b"%PDF-1.7 a booklet", "not a picture"),
        (b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>', "SVG"),
        (b'\n  <svg onload="alert(1)"></svg>', "SVG"),
        (b"\xff" * (20 * 1024 * 1024 + 1), "20 MB at the most"),
        (bomb(30_000, 30_000), "50 million"),
        (bomb(7_900, 7_900), "50 million"),
        (bomb(200_000, 200_000), "pixels"),
        (encoded(picture(1000, 700)), "cut it to 700 by 700"),
        (encoded(picture(600)), "640 at least"),
        (MOVING, "moves"),
        (encoded(noisy(700), "JPEG")[:20_000], "damaged"),
        (bomb(1000, 1000), "damaged"),
    ],
)
def test_what_cannot_be_a_cover_is_refused_with_what_would_be_right(upload: bytes, said: str) -> None:
    with pytest.raises(UnusableArtwork, match=said):
        read_artwork(upload)


def test_a_cover_is_made_in_three_sizes_as_progressive_jpeg() -> None:
    artwork = read_artwork(encoded(picture(3000)))
    assert artwork.width == 1400
    for size in (480, 960, 1400):
        made = Image.open(io.BytesIO(artwork.renditions[size]))
        assert (made.format, made.size, made.mode) == ("JPEG", (size, size), "RGB")
        assert "progression" in made.info


def test_nothing_is_scaled_up() -> None:
    artwork = read_artwork(encoded(picture(700)))
    assert artwork.width == 700
    assert [Image.open(io.BytesIO(data)).width for data in artwork.renditions.values()] == [480, 700, 700]


def test_even_noise_keeps_to_120_kb_at_960() -> None:
    assert len(read_artwork(encoded(noisy(1000), "JPEG", quality=95)).renditions[960]) <= 120_000


def test_a_nearly_square_cover_is_cut_evenly() -> None:
    artwork = read_artwork(encoded(picture(1000, 990)))
    assert artwork.picture.size == (990, 990)


def test_the_place_a_photo_was_taken_does_not_survive_and_it_stands_upright() -> None:
    image = picture(800)
    exif = image.getexif()
    exif[0x0112] = 6  # turn a quarter clockwise
    exif[0x010E] = "at home"
    exif.get_ifd(0x8825)[2] = (52.0, 31.0, 12.0)
    upload = encoded(image, "JPEG", exif=exif, comment=b"secret note")
    data = read_artwork(upload).renditions[480]
    made = Image.open(io.BytesIO(data))
    assert not made.getexif()
    assert b"at home" not in data and b"secret note" not in data
    assert made.getpixel((460, 20))[0] > 200  # the light corner went from the left to the right
    assert made.getpixel((20, 20))[0] < 60


def test_cmyk_becomes_rgb() -> None:
    made = rendition(encoded(picture(800, mode="CMYK"), "JPEG"))
    assert made.mode == "RGB"
    assert made.getpixel((20, 20))[0] > made.getpixel((400, 400))[0] + 100


def test_sixteen_bits_become_eight_without_going_white() -> None:
    deep = Image.new("I;16", (700, 700), 0x4000)
    made = rendition(encoded(deep))
    assert abs(made.getpixel((300, 300))[0] - 0x40) <= 3


def test_what_is_transparent_lies_on_white() -> None:
    clear = Image.new("RGBA", (700, 700), (0, 0, 0, 0))
    assert rendition(encoded(clear)).getpixel((300, 300)) == (255, 255, 255)


def test_a_colour_profile_is_honoured() -> None:
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    made = rendition(encoded(picture(700), "PNG", icc_profile=lab))
    assert made.mode == "RGB"
    assert "icc_profile" not in made.info
