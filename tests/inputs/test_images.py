from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from vizapp.inputs import InputError, image_to_ink, image_to_input, normalise, reference
from vizapp.inputs import images as limits


def encoded(image: Image.Image, kind: str = "PNG", **options: Any) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def digits(count: int = 20) -> np.ndarray:
    return reference()[0][:count]


def large(values: np.ndarray, side: int = 200) -> Image.Image:
    return Image.fromarray(values).resize((side, side), Image.Resampling.BICUBIC)


@pytest.mark.parametrize("kind", ["PNG", "BMP"])
def test_an_mnist_image_comes_through_bit_for_bit(kind: str, tmp_path: Path) -> None:
    for values in digits():
        data = encoded(Image.fromarray(values), kind)
        expected = values.astype(np.float32) / np.float32(255)
        np.testing.assert_array_equal(image_to_input(data), expected)
        np.testing.assert_array_equal(image_to_input(data, normalised=True), expected)
    file = tmp_path / "digit.png"
    file.write_bytes(data)
    np.testing.assert_array_equal(image_to_input(file), expected)
    np.testing.assert_array_equal(image_to_input(str(file)), expected)


def modes(values: np.ndarray) -> dict[str, bytes]:
    """The same digit in the ways that people's programs write it."""
    grey, inverted = Image.fromarray(values), Image.fromarray(255 - values)
    opaque = Image.merge("RGBA", [inverted] * 3 + [Image.new("L", grey.size, 255)])
    black = Image.new("L", grey.size, 0)
    return {
        "rgb": encoded(grey.convert("RGB")),
        "paper": encoded(inverted),
        "paper rgba": encoded(opaque),
        "black ink, transparent paper": encoded(Image.merge("LA", [black, grey])),
        "white ink, transparent paper": encoded(Image.merge("LA", [Image.new("L", grey.size, 255), grey])),
        "palette": encoded(grey.convert("P")),
        "16 bit": encoded(Image.fromarray(values.astype(np.uint16) * 257)),
    }


@pytest.mark.parametrize("mode", modes(np.eye(28, dtype=np.uint8)))
def test_modes_and_inversion(mode: str) -> None:
    for values in digits(5):
        np.testing.assert_allclose(image_to_input(modes(values)[mode]), values / 255, atol=1e-3)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP"])
@pytest.mark.parametrize("paper", [False, True])
def test_large_and_lossy_images_give_much_the_same_input(kind: str, paper: bool) -> None:
    for values in digits(5):
        data = encoded(large(255 - values if paper else values), kind)
        assert image_to_ink(data).shape == (280, 280)
        assert np.abs(image_to_input(data) - values / 255).mean() < 0.03
        assert np.abs(image_to_input(data, normalised=True) - values / 255).mean() < 0.05


def test_noise_of_a_photograph_is_no_ink() -> None:
    values = digits(1)[0]
    rng = np.random.default_rng(0)
    photo = 190 - 0.6 * np.asarray(large(values, 400), float) + rng.normal(0, 4, (400, 400))
    data = encoded(Image.fromarray(photo.clip(0, 255).astype(np.uint8)), "JPEG", quality=60)
    image = image_to_input(data, normalised=True)
    assert np.abs(image - values / 255).mean() < 0.05
    assert not image[:3].any()


def test_the_aspect_is_kept() -> None:
    wide = np.zeros((50, 200), np.uint8)
    wide[20:30, 20:180] = 255
    image = image_to_input(encoded(Image.fromarray(wide)))
    rows, columns = np.nonzero(image > 0.5)
    assert (np.ptp(rows) + 1, np.ptp(columns) + 1) in {(1, 22), (2, 22), (1, 23), (2, 23)}
    assert 12 <= rows.mean() <= 15


def test_thin_lines_do_not_turn_pale() -> None:
    sheet = np.full((1000, 1000), 255, np.uint8)
    sheet[200:800, 500:502] = 0
    for normalised in (True, False):
        image = image_to_input(encoded(Image.fromarray(sheet)), normalised)
        assert image.max() == 1
        assert (image > 0.4).any(axis=1).sum() >= 16


def test_what_pillow_grumbles_about_is_not_printed(recwarn: pytest.WarningsRecorder) -> None:
    palette = Image.fromarray(digits(1)[0]).convert("P")
    image_to_input(encoded(palette, transparency=b"\x00" + b"\xff" * 255))
    assert not recwarn.list


def test_a_small_image_is_put_in_the_middle() -> None:
    small = np.zeros((5, 3), np.uint8)
    small[2, 1] = 200
    image = image_to_input(encoded(Image.fromarray(small)))
    assert image.sum() == pytest.approx(200 / 255)
    assert image[13, 13] == pytest.approx(200 / 255)


def test_a_camera_held_upright_is_believed() -> None:
    values = digits(1)[0]
    turned = Image.fromarray(np.rot90(values))
    exif = Image.Exif()
    exif[0x0112] = 6  # "turn by 90 degrees clockwise to show"
    np.testing.assert_array_equal(image_to_input(encoded(turned, exif=exif)), values / np.float32(255))


@pytest.mark.parametrize("grey", [0, 90, 255])
@pytest.mark.parametrize("side", [28, 300])
def test_blank_sheets_have_no_ink(grey: int, side: int) -> None:
    assert not image_to_input(encoded(Image.new("L", (side, side), grey)), normalised=True).any()


def png_header(width: int, height: int) -> bytes:
    """A PNG of this size by its header, with nothing behind it."""
    header = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    checksum = struct.pack(">I", zlib.crc32(header))
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + header + checksum + b"\0\0\1\0IDAT"


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (png_header(30_000, 30_000), "million pixels; scale it down"),
        (png_header(10_000, 10_000), "million pixels; scale it down"),
        (png_header(6_000, 6_000), "6,000 x 6,000 pixels"),
        (png_header(20_000, 10), "20,000 x 10 pixels"),
        (png_header(0, 5), "not an image|damaged"),
        (png_header(100, 100), "damaged"),
        (b"", "not an image"),
        (b"GIF89a", "not an image|damaged"),
        (b"hello, world", "not an image"),
        (encoded(Image.new("L", (28, 28)), "TIFF"), "not an image"),
        (encoded(Image.new("L", (28, 28)), "PPM"), "not an image"),
        (encoded(large(reference()[0][0]), "PNG")[:900], "damaged"),
        (encoded(large(reference()[0][0]), "JPEG")[:900], "damaged"),
        (bytes(limits.MAX_FILE + 1), "at most 16 MB"),
    ],
)
def test_what_is_refused(data: bytes, says: str) -> None:
    with pytest.raises(InputError, match=says) as error:
        image_to_input(data)
    assert "\n" not in str(error.value)


def test_a_file_that_is_missing_or_too_large(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        image_to_input(tmp_path / "none.png")
    with (tmp_path / "big.png").open("wb") as file:
        file.truncate(limits.MAX_FILE + 1)
    with pytest.raises(InputError, match="at most 16 MB"):
        image_to_input(tmp_path / "big.png")


valid = encoded(Image.fromarray(np.eye(28, dtype=np.uint8) * 255))


@settings(max_examples=150)
@given(st.integers(0, len(valid) - 1), st.integers(0, 255), st.binary(max_size=8))
def test_damage_gives_an_image_or_an_input_error(place: int, value: int, tail: bytes) -> None:
    data = valid[:place] + bytes([value]) + valid[place + 1 :] + tail
    try:
        image = image_to_input(data)
    except InputError:
        return
    assert image.shape == (28, 28)
    assert 0 <= image.min() <= image.max() <= 1
    assert normalise(image).shape == (28, 28)
