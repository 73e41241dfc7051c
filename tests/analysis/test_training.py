"""The commands ``train`` and ``evaluate``, on data small enough for a test."""

from __future__ import annotations

import argparse
import gzip
import json
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from vizapp import inputs
from vizapp.analysis import evaluation, training
from vizapp.nets import zoo
from vizapp.nets.evaluate import CASES


def call(module: Any, *words: str | Path) -> int:
    parser = argparse.ArgumentParser()
    module.add_arguments(parser)
    return int(module.run(parser.parse_args([str(word) for word in words])))


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A little MNIST, made of the reference images."""
    images, labels = inputs.reference()
    directory = tmp_path / "mnist"
    directory.mkdir()
    for prefix, part in (("train", slice(0, 512)), ("t10k", slice(600, 700))):
        count = len(labels[part])
        content = struct.pack(">4I", 2051, count, 28, 28) + images[part].tobytes()
        (directory / f"{prefix}-images-idx3-ubyte.gz").write_bytes(gzip.compress(content, 1))
        content = struct.pack(">2I", 2049, count) + labels[part].astype(np.uint8).tobytes()
        (directory / f"{prefix}-labels-idx1-ubyte.gz").write_bytes(gzip.compress(content, 1))
    return directory


@pytest.fixture
def strokes(tmp_path: Path) -> Path:
    path = tmp_path / "pens.json.gz"
    entries = [
        {"label": 1, "writer": str(writer), "strokes": [[[0.5, 0.2], [0.5 + writer / 50, 0.8]]]}
        for writer in range(1, 7)
    ]
    path.write_bytes(gzip.compress(json.dumps(entries).encode()))
    return path


def train(tmp_path: Path, data: Path, *words: str | Path) -> tuple[int, Path]:
    output = tmp_path / "out" / "mlp.safetensors"
    state = tmp_path / "state.safetensors"
    status = call(training, "mlp", "--data", data, "--epochs", "1", "--out", output, "--state", state, *words)
    return status, output


def test_training_with_strokes(
    tmp_path: Path, data: Path, strokes: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, output = train(tmp_path, data, "--strokes", strokes, "--seed", "5", "--note", "Mine.")
    assert status == 0
    metadata = zoo.metadata(output)
    assert metadata["seed"] == metadata["recipe"]["seed"] == 5
    assert metadata["recipe"]["epochs"] == 1
    assert metadata["strokes"]["held_out_writers"] == ["3", "6"]
    assert metadata["strokes"]["training_writers"] == ["1", "2", "4", "5"]
    assert metadata["licence"].endswith("Mine.")
    assert set(metadata["data"]) == {
        "train-images-idx3-ubyte",
        "train-labels-idx1-ubyte",
        "t10k-images-idx3-ubyte",
        "t10k-labels-idx1-ubyte",
    }
    printed = capsys.readouterr().out
    assert "held-out writers" in printed
    assert str(output) in printed

    assert call(evaluation, output, "--data", data, "--strokes", strokes, "--json") == 0
    measured = json.loads(capsys.readouterr().out)
    assert list(measured) == [*CASES, "pen digits", "pen digits, held-out writers"]
    for case, value in metadata["accuracy"].items():
        assert measured[case] == pytest.approx(value, abs=1e-4)


def test_training_without_strokes(tmp_path: Path, data: Path) -> None:
    status, output = train(tmp_path, data)
    assert status == 0
    assert zoo.metadata(output)["strokes"] is None
    assert set(zoo.metadata(output)["accuracy"]) == set(CASES)


def test_evaluating_on_the_shipped_images(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    images, labels = inputs.reference()
    monkeypatch.setattr(inputs, "reference", lambda: (images[:200], labels[:200]))
    assert call(evaluation, "mlp") == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(CASES)
    assert lines[0].startswith("clean")
    assert lines[0].endswith("%")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["lenet"], "unknown network 'lenet'"),
        (["mlp", "--data", "/none"], "no directory /none"),
        (["mlp", "--data", "DATA", "--strokes", "/none.json"], "/none.json"),
        (["mlp", "--data", "DATA", "--strokes", "STROKES", "--hold-out", "1,99"], "no writer '99'"),
        (["mlp", "--data", "DATA", "--strokes", "STROKES", "--hold-out", "1,2,3,4,5,6"], "two writers"),
    ],
)
def test_one_line_for_what_is_wrong(
    data: Path, strokes: Path, capsys: pytest.CaptureFixture[str], words: list[str], message: str
) -> None:
    names = {"DATA": str(data), "STROKES": str(strokes)}
    assert call(training, *[names.get(word, word) for word in words]) == 2
    error = capsys.readouterr().err
    assert message in error
    assert error.startswith("vizapp train: ")
    assert error.count("\n") == 1


@pytest.mark.parametrize("words", [["lenet"], ["mlp", "--data", "/none"], ["mlp", "--strokes", "/none.json"]])
def test_evaluate_says_what_is_wrong(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, words: list[str]
) -> None:
    images, labels = inputs.reference()
    monkeypatch.setattr(inputs, "reference", lambda: (images[:10], labels[:10]))
    assert call(evaluation, *words) == 2
    error = capsys.readouterr().err
    assert error.startswith("vizapp evaluate: ")
    assert error.count("\n") == 1
