from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from vizapp.inputs import clean_strokes, drawing_to_input, reference
from vizapp.inputs.classify import add_arguments, run
from vizapp.nets import load

LINE = {"strokes": [[[0.5, 0.2], [0.5, 0.8]]]}
LOOP = {
    "strokes": [[[0.5 + 0.2 * np.cos(a), 0.5 + 0.3 * np.sin(a)] for a in np.linspace(0, 6.3, 40)]],
    "label": 0,
}

PROGRAM = """
import argparse, sys
from vizapp.inputs.classify import add_arguments, run
parser = argparse.ArgumentParser()
add_arguments(parser)
code = run(parser.parse_args())
assert not {"panel", "bokeh", "numba", "scipy"} & set(sys.modules)
sys.exit(code)
"""


def classify(*arguments: str | Path) -> int:
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    return run(parser.parse_args([str(argument) for argument in arguments]))


def written(tmp_path: Path, name: str, content: Any) -> Path:
    file = tmp_path / name
    file.write_text(json.dumps(content))
    return file


def test_json_answers_are_the_networks(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    many = written(tmp_path, "many.json", [LOOP, LINE] * 300)
    image = tmp_path / "digit.png"
    Image.fromarray(reference()[0][0]).save(image)
    assert classify("--json", "--network", "mlp", image, many) == 0
    answers = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(answer["file"], answer["index"]) for answer in answers] == [
        (str(image), 0),
        *((str(many), index) for index in range(600)),
    ]
    loop, line = (drawing_to_input(clean_strokes(drawing)) for drawing in (LOOP, LINE))
    inputs = [reference()[0][0] / np.float32(255), *[loop, line] * 300]
    expected = load("mlp").forward(np.array(inputs, np.float32)).probabilities
    np.testing.assert_allclose([answer["probabilities"] for answer in answers], expected, atol=1e-5)
    for answer in answers:
        assert set(answer) == {"file", "index", "prediction", "probabilities"}
        assert answer["prediction"] == int(np.argmax(answer["probabilities"]))
        assert sum(answer["probabilities"]) == pytest.approx(1, abs=1e-5)


def test_people_get_the_two_best_guesses(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = written(tmp_path, "two.json", [LOOP, LINE])
    assert classify(file) == 0
    first, second = capsys.readouterr().out.splitlines()
    assert first.startswith(f"{file}: ")
    assert second.startswith(f"{file}[1]: ")
    assert first.count("%") == 2


def test_bad_files_and_drawings_are_named_and_the_others_answered(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good = written(tmp_path, "good.json", [LINE, {"strokes": [[["a", 0]]]}, LOOP])
    bad = tmp_path / "line\nend.json"
    bad.write_text("{")
    assert classify("--json", tmp_path / "missing.json", bad, good, tmp_path) == 2
    output = capsys.readouterr()
    assert [json.loads(line)["index"] for line in output.out.splitlines()] == [0, 2]
    complaints = output.err.splitlines()
    assert len(complaints) == 4
    assert all(line.startswith("vizapp classify: ") for line in complaints)
    assert "missing.json: There is no such file." in complaints[0]
    assert "not JSON" in complaints[1]
    assert f"{good}[1]: Stroke 1, point 1" in complaints[2]
    assert "directory" in complaints[3]


def test_an_unknown_network(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert classify("--network", "rnn", written(tmp_path, "line.json", LINE)) == 2
    output = capsys.readouterr()
    assert output.out == ""
    assert "rnn" in output.err
    assert len(output.err.splitlines()) == 1


def test_as_a_program_without_the_page(tmp_path: Path) -> None:
    file = written(tmp_path, "many.json", [LOOP] * 20)
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, "--json", file, "missing.png"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert len(done.stdout.splitlines()) == 20
    assert done.stderr == "vizapp classify: missing.png: There is no such file.\n"


def test_a_reader_who_has_seen_enough(tmp_path: Path) -> None:
    file = written(tmp_path, "many.json", [LOOP] * 600)
    reading, writing = os.pipe()
    program = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, "--json", file], stdout=writing, stderr=subprocess.PIPE, text=True
    )
    os.close(writing)
    os.close(reading)
    _, complaints = program.communicate()
    assert complaints == ""
    assert program.returncode == 1
