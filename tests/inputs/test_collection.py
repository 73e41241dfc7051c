from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from vizapp.inputs import InputError, drawing_to_input, reference
from vizapp.inputs.collection import inputs_in

from .drawn import stroke

LINE = [[0.5, 0.2], [0.5, 0.8]]
SEEN = drawing_to_input([stroke(LINE)])


def found(tmp_path: Path, content: Any, name: str = "drawing.json") -> list[Any]:
    data = content if isinstance(content, bytes) else json.dumps(content).encode()
    (tmp_path / name).write_bytes(data)
    return list(inputs_in(tmp_path / name))


@pytest.mark.parametrize(
    "content",
    [
        {"strokes": [LINE]},
        {"strokes": [LINE], "label": 1, "writer": "12"},
        [{"strokes": [LINE]}],
        [LINE],
        [{"points": LINE}],
        b"\xef\xbb\xbf" + json.dumps({"strokes": [LINE]}).encode(),
        json.dumps({"strokes": [LINE]}).encode("utf-16"),
    ],
)
@pytest.mark.parametrize("packed", [False, True])
def test_one_drawing_in_many_forms(tmp_path: Path, content: Any, packed: bool) -> None:
    data = content if isinstance(content, bytes) else json.dumps(content).encode()
    name = "drawing.json.gz" if packed else "drawing.json"
    (seen,) = found(tmp_path, gzip.compress(data) if packed else data, name)
    np.testing.assert_array_equal(seen, SEEN)


def test_the_content_counts_and_not_the_name(tmp_path: Path) -> None:
    (seen,) = found(tmp_path, {"strokes": [LINE]}, "drawing")
    np.testing.assert_array_equal(seen, SEEN)
    values = reference()[0][3]
    Image.fromarray(values).save(tmp_path / "a.png")
    (seen,) = found(tmp_path, (tmp_path / "a.png").read_bytes(), "b")
    np.testing.assert_array_equal(seen, values / np.float32(255))


def test_bad_drawings_in_a_list_keep_their_places(tmp_path: Path) -> None:
    content = [{"strokes": [LINE]}, {"strokes": 3}, 7, [], {"strokes": [[]]}, {"strokes": [LINE]}]
    first, number, seven, empty, no_ink, last = found(tmp_path, content)
    np.testing.assert_array_equal(first, SEEN)
    np.testing.assert_array_equal(last, SEEN)
    for error, says in ((number, "number 3"), (seven, "number 7"), (empty, "no ink"), (no_ink, "no ink")):
        assert isinstance(error, InputError)
        assert says in str(error)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"{", "not JSON"),
        (b"[1, 2,, 3]", "column 7"),
        (b'{"strokes": "\xff"}', "not text in UTF-8"),
        (b"[" * 200_000, "nested too deeply"),
        (b"[" + b"1" * 10_000 + b"]", "too long"),
        (b"[]", "empty"),
        (b"null", "null"),
        (b'"text"', "a text"),
        (b"  \n", "not JSON"),
        (b"\x1f\x8bnonsense", "damaged"),
        (gzip.compress(b"", mtime=0), "not JSON"),
        (b'{"strokes": [[[NaN, 0.5]]]}', "not finite"),
        (b'{"strokes": []}', "no ink"),
    ],
)
def test_files_that_are_no_drawings(tmp_path: Path, content: bytes, says: str) -> None:
    (error,) = found(tmp_path, content)
    assert isinstance(error, InputError)
    assert says in str(error)
    assert "\n" not in str(error)


def test_files_that_are_no_images(tmp_path: Path) -> None:
    Image.new("L", (28, 28)).save(tmp_path / "blank.png")
    for path, says in (
        (tmp_path / "blank.png", "no ink"),
        (tmp_path, "directory"),
        (tmp_path / "missing.png", "no such file"),
    ):
        (error,) = inputs_in(path)
        assert says in str(error)
    (error,) = found(tmp_path, b"some text", "a.png")
    assert "not an image" in str(error)
