"""Weights files: what is written comes back, and what is damaged is refused in one clear sentence."""

from __future__ import annotations

import json
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from safetensors.numpy import save

from vizapp.nets import NetworkError, store, zoo

Array = NDArray[Any]
Parameters = dict[str, Array]


@pytest.fixture
def parameters() -> Parameters:
    return dict(zoo.random("cnn", seed=1).parameters)


def write(path: Path, tensors: Parameters, network: str = "cnn", **metadata: str) -> Path:
    path.write_bytes(save(tensors, {"format": store.FORMAT, "network": json.dumps(network), **metadata}))
    return path


def test_round_trip(tmp_path: Path, parameters: Parameters) -> None:
    checkpoint = {name: value * 2 for name, value in parameters.items()}
    metadata = {"network": "cnn", "seed": 7, "recipe": {"epochs": 2}}
    path = tmp_path / "new" / "w.safetensors"
    store.write(path, parameters, [checkpoint], metadata)
    found = store.Store(path)
    shapes = zoo.parameter_shapes("cnn")
    assert found.metadata == {**metadata, "format": 1}
    for name, value in found.parameters(shapes).items():
        assert np.array_equal(value, parameters[name])
        assert value.dtype == np.float32
        assert not value.flags.writeable
    for name, value in found.checkpoint(0, shapes).items():
        np.testing.assert_allclose(value, 2 * parameters[name], rtol=1e-3, atol=1e-6)
        assert value.dtype == np.float32
    assert [entry.name for entry in path.parent.iterdir()] == ["w.safetensors"]


def test_a_failed_write_leaves_the_old_file(tmp_path: Path, parameters: Parameters) -> None:
    path = write(tmp_path / "w.safetensors", parameters)
    before = path.read_bytes()
    with pytest.raises(TypeError):
        store.write_atomically(path, "not bytes")  # type: ignore[arg-type]
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_a_network_from_a_path(tmp_path: Path, parameters: Parameters) -> None:
    network = zoo.load(write(tmp_path / "w.safetensors", parameters))
    assert network.name == "cnn"
    assert np.array_equal(network.parameters["fc2.bias"], parameters["fc2.bias"])


Damage = Callable[[Parameters], Parameters]
DAMAGES: dict[str, tuple[Damage, str]] = {
    "missing": (lambda p: {k: v for k, v in p.items() if k != "fc1.weight"}, r"lacks 'fc1.weight'"),
    "surplus": (lambda p: {**p, "fc9.weight": p["fc1.weight"]}, r"has 'fc9.weight'"),
    "transposed": (
        lambda p: {**p, "fc1.weight": p["fc1.weight"].T.copy()},
        r"fc1.weight has shape \(400, 120\)",
    ),
    "double": (lambda p: {**p, "fc1.bias": p["fc1.bias"].astype(np.float64)}, "fc1.bias is float64"),
    "integers": (lambda p: {**p, "fc1.bias": p["fc1.bias"].astype(np.int32)}, "fc1.bias is int32"),
    "nan": (
        lambda p: {**p, "fc1.bias": p["fc1.bias"] * np.float32("nan")},
        "fc1.bias has values that are not",
    ),
    "infinite": (
        lambda p: {**p, "fc1.bias": p["fc1.bias"] + np.float32("inf")},
        "fc1.bias has values that are",
    ),
}


@pytest.mark.parametrize("kind", DAMAGES)
def test_wrong_tensors_are_refused(tmp_path: Path, parameters: Parameters, kind: str) -> None:
    damage, message = DAMAGES[kind]
    with pytest.raises(NetworkError, match=message):
        zoo.load(write(tmp_path / "w.safetensors", damage(parameters)))


@pytest.mark.parametrize("size", [0, 4, 100, 5000, -1])
def test_a_truncated_file_is_refused(tmp_path: Path, parameters: Parameters, size: int) -> None:
    path = write(tmp_path / "w.safetensors", parameters)
    path.write_bytes(path.read_bytes()[:size])
    with pytest.raises(NetworkError, match=r"w.safetensors is not a whole safetensors file"):
        zoo.load(path)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(struct.pack("<Q", 2**62) + b"{}", id="huge header"),
        pytest.param(struct.pack("<Q", 90_000_000) + b"{" * 1000, id="header longer than the file"),
        pytest.param(struct.pack("<Q", 2) + b"{]", id="header not JSON"),
        pytest.param(b"\x80\x04\x95" + b"a" * 100, id="a pickle"),
        pytest.param(b"PK\x03\x04" + b"a" * 100, id="a zip"),
    ],
)
def test_something_else_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "w.safetensors"
    path.write_bytes(content)
    with pytest.raises(NetworkError, match="not a whole safetensors file"):
        zoo.load(path)


def test_offsets_beyond_the_file_are_refused(tmp_path: Path) -> None:
    header = json.dumps(
        {"fc1.bias": {"dtype": "F32", "shape": [10], "data_offsets": [0, 4_000_000_000]}}
    ).encode()
    path = tmp_path / "w.safetensors"
    path.write_bytes(struct.pack("<Q", len(header)) + header + b"\0" * 40)
    with pytest.raises(NetworkError, match="not a whole safetensors file"):
        zoo.load(path)


def test_other_metadata_is_refused(tmp_path: Path, parameters: Parameters) -> None:
    path = tmp_path / "w.safetensors"
    with pytest.raises(NetworkError, match="'lenet'"):
        zoo.load(write(path, parameters, "lenet"))
    with pytest.raises(NetworkError, match="format '99'"):
        zoo.load(write(path, parameters, format="99"))
    with pytest.raises(NetworkError, match="not JSON"):
        zoo.load(write(path, parameters, recipe="{"))
    path.write_bytes(save(parameters))
    with pytest.raises(NetworkError, match="format None"):
        zoo.load(path)


def test_a_file_too_large_is_not_even_opened(tmp_path: Path) -> None:
    path = tmp_path / "w.safetensors"
    with path.open("wb") as file:
        file.truncate(store.MAX_BYTES + 1)  # sparse
    with pytest.raises(NetworkError, match="no weights file is that large"):
        zoo.load(path)


@pytest.mark.parametrize("name", ["lenet", "../cnn", "", "cnn.pickle", "/etc/passwd"])
def test_unknown_names_are_refused(name: str) -> None:
    with pytest.raises(NetworkError, match="unknown network"):
        zoo.load(name)


def test_a_missing_file_and_a_directory_are_refused(tmp_path: Path) -> None:
    with pytest.raises(NetworkError, match="there is no weights file"):
        zoo.load(tmp_path / "none.safetensors")
    (tmp_path / "d.safetensors").mkdir()
    with pytest.raises(NetworkError):
        zoo.load(tmp_path / "d.safetensors")
