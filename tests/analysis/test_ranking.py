"""Ranking folders: the order, the formulas, and files that nobody should trust."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import struct
import zipfile
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from vizapp import nets
from vizapp.analysis import ranking, sources
from vizapp.analysis.batch.journal import Journal
from vizapp.analysis.ranking import Ranking, files_in
from vizapp.inputs import SAMPLES, InputError, normalise, reference, strokes_to_json
from vizapp.nets import zoo

NETWORKS = [nets.load(name) for name in nets.names()]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """20 test images, in two folders, and the samples, in a file."""
    place = tmp_path / "folder"
    for index, image in enumerate(reference()[0][:20]):
        path = place / ("a" if index % 2 else "b") / f"{index:02}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(image).save(path)
    drawings = [{"strokes": strokes_to_json(sample.strokes)["strokes"]} for sample in SAMPLES]
    (place / "samples.json").write_text(json.dumps(drawings))
    (place / "README.md").write_text("not looked at")
    return place


def ranked(place: Path, journal: Journal | None = None) -> Ranking:
    found = Ranking(NETWORKS, files_in([place]), journal)
    list(found.run())
    return found


def test_the_most_ambiguous_come_first(folder: Path) -> None:
    rows = ranked(folder).rows()
    assert len(rows) == 20 + len(SAMPLES)
    assert {row["file"] for row in rows[: len(SAMPLES)]} == {str(folder / "samples.json")}
    entropies = [row["entropy"] for row in rows]
    assert entropies == sorted(entropies, reverse=True)
    first = next(row for row in rows if row["file"].endswith(".json") and row["index"] == 0)
    assert {first["first"], first["second"]} == {1, 2}


def test_columns_are_what_they_say(folder: Path) -> None:
    found = ranked(folder)
    row = next(row for row in found.rows() if row["file"].endswith("07.png"))
    image = normalise(reference()[0][7] / np.float32(255))
    each = {network.name: network.forward(image) for network in NETWORKS}
    shares = np.stack([trace.probabilities[0] for trace in each.values()]).astype(float)
    mean = shares.mean(axis=0)
    order = np.argsort(-mean)

    def entropy(p: np.ndarray) -> float:
        return float(-(p * np.log2(p)).sum())

    assert (row["first"], row["second"]) == (order[0], order[1])
    assert row["probability"] == pytest.approx(mean[order[0]], abs=1e-4)
    assert row["second_probability"] == pytest.approx(mean[order[1]], abs=1e-4)
    assert row["entropy"] == pytest.approx(entropy(mean), abs=1e-3)
    own = np.mean([entropy(p) for p in shares])
    assert row["disagreement"] == pytest.approx(entropy(mean) - own, abs=1e-3)
    for name, trace in each.items():
        logits = np.sort(trace.logits[0])
        assert row[f"{name}_answer"] == trace.prediction[0]
        assert row[f"{name}_probability"] == pytest.approx(trace.probabilities.max(), abs=1e-4)
        assert row[f"{name}_margin"] == pytest.approx(logits[-1] - logits[-2], abs=1e-3)
    assert set(row) <= set(found.columns)


def test_one_network_never_disagrees(folder: Path) -> None:
    found = Ranking(NETWORKS[:1], files_in([folder]))
    list(found.run())
    assert all(row["disagreement"] == 0 for row in found.rows())


def test_networks_of_one_name_have_columns_of_their_own(folder: Path) -> None:
    found = Ranking([NETWORKS[0], zoo.random(NETWORKS[0].name)], files_in([folder / "samples.json"]))
    list(found.run())
    assert len(set(found.columns)) == len(found.columns) == 8 + 6 + 1
    assert all(set(row) <= set(found.columns) and len(row) == 14 for row in found.rows())


def test_interrupted_it_goes_on(folder: Path, tmp_path: Path) -> None:
    whole = ranked(folder).rows()
    path = tmp_path / "journal"
    with Journal(path) as journal:
        first = Ranking(NETWORKS, files_in([folder]), journal)
        next(first.run())
        assert first.done == ranking.BATCH
        assert len(first.rows()) == ranking.BATCH - 1 + len(SAMPLES)
    with Journal(path) as journal:
        second = Ranking(NETWORKS, files_in([folder]), journal)
        assert sum(second.run()) == 21 - ranking.BATCH
        assert second.rows() == whole
    # Who changes a file is asked again, and nobody else.
    changed = folder / "a" / "01.png"
    Image.fromarray(255 - reference()[0][3]).save(changed)
    os.utime(changed, ns=(1, 1))
    with Journal(path) as journal:
        third = Ranking(NETWORKS, files_in([folder]), journal)
        assert sum(third.run()) == 1
        other = Ranking(NETWORKS[:1], files_in([folder]), journal)
        assert sum(other.run()) == 21


def test_processes_give_the_same_ranking(folder: Path) -> None:
    found = Ranking(NETWORKS, files_in([folder]))
    assert sum(found.run(2)) == 21
    assert found.rows() == ranked(folder).rows()


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def make_hostile(place: Path) -> dict[str, str]:
    """Files that must not do harm, and a word of what is said of each."""
    header = struct.pack(">IIBBBBB", 100_000, 100_000, 8, 0, 0, 0, 0)
    (place / "bomb.png").write_bytes(
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 10**6))
    )
    wide = struct.pack(">IIBBBBB", 20_000, 10, 8, 0, 0, 0, 0)
    (place / "wide.png").write_bytes(
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", wide) + chunk(b"IDAT", zlib.compress(b"\0" * 200_010))
    )
    with gzip.open(place / "bomb.json.gz", "wb", 9) as file:
        for _ in range(65):
            file.write(b" " * (1 << 20))
    with zipfile.ZipFile(place / "archive.png", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("inside", b"\0" * 10**6)
    (place / "empty.gif").touch()
    (place / "text.jpg").write_text("I am not an image.")
    (place / "deep.json").write_text("[" * 100_000)
    (place / "nowhere.png").symlink_to(place / "nothing")
    Image.new("L", (28, 28)).save(place / "blank.png")
    (place / "two\nlines.png").write_bytes(b"x")
    (place / "loop").symlink_to(place)
    os.mkfifo(place / "pipe.png")
    return {
        "bomb.png": "million pixels",
        "wide.png": "20,000 x 10",
        "bomb.json.gz": "unpacks to more",
        "archive.png": "not an image",
        "empty.gif": "empty",
        "text.jpg": "not an image",
        "deep.json": "nested",
        "nowhere.png": "no such file",
        "blank.png": "no ink",
        "two\\nlines.png": "not an image",
        "pipe.png": "regular file",
    }


def test_hostile_files_are_rows_with_a_reason(folder: Path) -> None:
    expected = make_hostile(folder)
    rows = ranked(folder).rows()
    bad = {Path(row["file"].strip("'")).name: row["error"] for row in rows if "error" in row}
    assert set(bad) == set(expected)
    assert all(expected[name] in error for name, error in bad.items())
    assert all("error" in row for row in rows[-len(bad) :])
    assert len(rows) - len(bad) == 20 + len(SAMPLES)
    assert all(row["file"].isprintable() for row in rows)


def test_a_file_of_endless_drawings_is_cut_off(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ranking, "MAX_INPUTS", 3)
    monkeypatch.setattr(ranking, "_ANSWERED", 2)
    *_, last = sorted(ranked(folder / "samples.json").rows(), key=lambda row: row["index"])
    assert "Only the first" in last["error"]


def test_files_are_found_in_order_and_bounded(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "loop").symlink_to(folder)
    names = [Path(file.path).name for file in files_in([folder])]
    assert names == ["samples.json", *[f"{i:02}.png" for i in (*range(1, 20, 2), *range(0, 20, 2))]]
    # Whoever is named is taken, whatever it is.
    assert [Path(file.path).name for file in files_in([folder / "README.md"])] == ["README.md"]
    with pytest.raises(InputError, match="no file or folder"):
        files_in([folder / "nothing"])
    monkeypatch.setattr(ranking, "MAX_FILES", 5)
    with pytest.raises(InputError, match="more than 5 files"):
        files_in([folder])


def test_how_far_it_is_costs_no_look_at_the_images(monkeypatch: pytest.MonkeyPatch) -> None:
    hashed: list[int] = []
    real = hashlib.sha256

    def counted(data: bytes) -> Any:
        hashed.append(len(data))
        return real(data)

    monkeypatch.setattr(hashlib, "sha256", counted)
    pile = [sources.Given(str(number), number, bytes(1000)) for number in range(3)]
    made = Ranking(NETWORKS, pile)
    for _ in range(5):
        assert (made.done, made.total) == (0, 3)
    assert hashed.count(1000) == 3
