"""Pen digits: reading them, drawing them, and varying them for training."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from vizapp.analysis import pens
from vizapp.inputs import clean_strokes, drawing_to_input
from vizapp.nets.data import DataError

ONE = [[[0.5, y / 10] for y in range(2, 9)]]
SEVEN = [[[0.3, 0.2], [0.7, 0.2], [0.45, 0.8]], [[0.4, 0.5], [0.65, 0.5]]]
ENTRIES = [
    {"label": 1, "writer": "10", "strokes": ONE},
    {"label": 7, "writer": "2", "strokes": SEVEN},
    {"label": 1, "writer": "2", "strokes": ONE},
]


def written(tmp_path: Path, entries: Any, name: str = "pens.json.gz") -> Path:
    path = tmp_path / name
    content = json.dumps(entries).encode()
    path.write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
    return path


@pytest.mark.parametrize("name", ["pens.json.gz", "pens.json"])
def test_reading(tmp_path: Path, name: str) -> None:
    digits = pens.read(written(tmp_path, ENTRIES, name))
    assert [(digit.label, digit.writer) for digit in digits] == [(1, "10"), (7, "2"), (1, "2")]
    assert [len(digit.strokes) for digit in digits] == [1, 2, 1]
    assert pens.writers(digits) == ["2", "10"]
    assert [digit.label for digit in pens.by(digits, ["2"])] == [7, 1]


def changed(**values: Any) -> list[dict[str, Any]]:
    return [ENTRIES[0], {**ENTRIES[1], **values}]


@pytest.mark.parametrize(
    ("entries", "message"),
    [
        ({"strokes": []}, "not a list"),
        ([], "not a list"),
        ([3], "entry 0"),
        (changed(label=10), "entry 1: label 10 is not a digit"),
        (changed(label=None), "entry 1"),
        (changed(strokes=[[[float("nan"), 0]]]), "entry 1"),
        (changed(strokes="abc"), "entry 1"),
        ([ENTRIES[0], {"label": 1}], "entry 1"),
    ],
)
def test_wrong_entries_are_named(tmp_path: Path, entries: Any, message: str) -> None:
    with pytest.raises(DataError, match=message) as error:
        pens.read(written(tmp_path, entries))
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    "damage",
    [
        lambda path: path.unlink(),
        lambda path: path.write_bytes(b"no gzip"),
        lambda path: path.write_bytes(path.read_bytes()[:-9]),
        lambda path: path.write_bytes(gzip.compress(b"[1,")),
        lambda path: path.write_bytes(gzip.compress(b"\xff\xfe\xfd")),
        lambda path: path.write_bytes(gzip.compress(b"[" * 100_000)),
    ],
)
def test_damaged_files_are_refused(tmp_path: Path, damage: Callable[[Path], Any]) -> None:
    path = written(tmp_path, ENTRIES)
    damage(path)
    with pytest.raises(DataError):
        pens.read(path)


def test_a_bomb_is_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pens, "MAX_BYTES", 100)
    with pytest.raises(DataError, match="too large"):
        pens.read(written(tmp_path, ENTRIES))


def test_drawn_as_on_the_pad(tmp_path: Path) -> None:
    examples = pens.drawn(pens.read(written(tmp_path, ENTRIES)))
    assert examples.labels.tolist() == [1, 7, 1]
    expected = drawing_to_input(clean_strokes(SEVEN))
    np.testing.assert_allclose(examples.images[1] / 255, expected, atol=0.5 / 255 + 1e-6)


def test_variants_differ_but_are_the_same_digit(tmp_path: Path) -> None:
    digits = pens.read(written(tmp_path, ENTRIES))
    examples = pens.varied(digits, copies=20, seed=1)
    assert examples.labels.tolist() == [1] * 20 + [7] * 20 + [1] * 20
    assert np.array_equal(pens.varied(digits, copies=20, seed=1).images, examples.images)
    assert not np.array_equal(pens.varied(digits, copies=20, seed=2).images, examples.images)
    assert len(np.unique(examples.images, axis=0)) == 60
    plain = pens.drawn(digits).images.astype(float)
    ink = examples.images.reshape(3, 20, -1).sum(axis=2) / plain.reshape(3, 1, -1).sum(axis=2)
    assert 0.4 < ink.min() < 0.85  # pens of many widths
    assert 1.15 < ink.max() < 2.6
    # A seven is nearer to the seven than to the one.
    near = [((examples.images - image) ** 2).reshape(60, -1).sum(axis=1) for image in plain[:2]]
    assert (near[1] < near[0])[20:40].mean() > 0.9
