"""Reading and fetching MNIST: what is damaged is refused in one clear sentence."""

from __future__ import annotations

import gzip
import hashlib
import http.server
import struct
import threading
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from vizapp.nets import data
from vizapp.nets.data import DataError

pytest.importorskip("pooch")


def write(directory: Path, training: int = 7, test: int = 3) -> Path:
    """Four small files in MNIST's format."""
    directory.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(0)
    for prefix, count in (("train", training), ("t10k", test)):
        images = struct.pack(">4I", 2051, count, 28, 28) + rng.bytes(count * 784)
        labels = struct.pack(">2I", 2049, count) + bytes(index % 10 for index in range(count))
        (directory / f"{prefix}-images-idx3-ubyte.gz").write_bytes(gzip.compress(images))
        (directory / f"{prefix}-labels-idx1-ubyte.gz").write_bytes(gzip.compress(labels))
    return directory


def test_reading(tmp_path: Path) -> None:
    found = data.mnist(write(tmp_path))
    assert found.training.images.shape == (7, 28, 28)
    assert found.training.labels.tolist() == list(range(7))
    assert len(found.test) == 3
    content = gzip.decompress((tmp_path / "t10k-images-idx3-ubyte.gz").read_bytes())
    assert found.digests["t10k-images-idx3-ubyte"] == hashlib.sha256(content).hexdigest()
    assert np.array_equal(found.test.images.ravel(), np.frombuffer(content[16:], np.uint8))
    assert len(found.digests) == 4


def rewritten(change: Callable[[bytes], bytes]) -> Callable[[Path], Any]:
    return lambda path: path.write_bytes(gzip.compress(change(gzip.decompress(path.read_bytes()))))


DAMAGES: dict[str, tuple[Callable[[Path], Any], str]] = {
    "missing": (Path.unlink, "has no file train-images-idx3-ubyte.gz"),
    "empty": (lambda path: path.write_bytes(b""), "not an idx file|cannot be unpacked"),
    "not gzip": (lambda path: path.write_bytes(b"hello"), "cannot be unpacked"),
    "gzip cut off": (lambda path: path.write_bytes(path.read_bytes()[:-20]), "cannot be unpacked"),
    "gzip damaged": (
        lambda path: path.write_bytes(path.read_bytes()[:40] + b"\xff" * 50 + path.read_bytes()[90:]),
        "cannot be unpacked",
    ),
    "cut off inside": (rewritten(lambda content: content[:-1]), "cut off"),
    "too long": (rewritten(lambda content: content + b"x"), "cut off"),
    "header only": (rewritten(lambda content: content[:9]), "not an idx file of images"),
    "other size": (
        rewritten(lambda content: content[:8] + struct.pack(">2I", 14, 56) + content[16:]),
        "not an idx file of images",
    ),
    "floats": (rewritten(lambda content: b"\0\0\x0d\x03" + content[4:]), "not an idx file of images"),
    "huge count": (rewritten(lambda content: content[:4] + b"\xff" * 4 + content[8:]), "cut off"),
}


@pytest.mark.parametrize("kind", DAMAGES)
def test_damaged_files_are_refused(tmp_path: Path, kind: str) -> None:
    damage, message = DAMAGES[kind]
    damage(write(tmp_path) / "train-images-idx3-ubyte.gz")
    with pytest.raises(DataError, match=message) as error:
        data.mnist(tmp_path)
    assert "\n" not in str(error.value)


def test_files_that_do_not_belong_together_are_refused(tmp_path: Path) -> None:
    write(tmp_path)
    more = write(tmp_path / "more", training=8)
    (more / "train-labels-idx1-ubyte.gz").replace(tmp_path / "train-labels-idx1-ubyte.gz")
    with pytest.raises(DataError, match="7 train images, but 8 labels"):
        data.mnist(tmp_path)


def test_labels_that_are_not_digits_are_refused(tmp_path: Path) -> None:
    rewritten(lambda content: content[:-1] + b"\x0a")(write(tmp_path) / "t10k-labels-idx1-ubyte.gz")
    with pytest.raises(DataError, match="not digits"):
        data.mnist(tmp_path)


def test_a_bomb_is_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(data, "MAX_BYTES", 1000)
    with pytest.raises(DataError, match="too large"):
        data.mnist(write(tmp_path))


def test_no_directory(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no directory"):
        data.mnist(tmp_path / "none")


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A mirror on this machine, with files of its own in place of MNIST's."""
    files = write(tmp_path / "mirror")
    digests = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files.iterdir()}
    monkeypatch.setattr(data, "FILES", digests)

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: Any) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(files))) as httpd:
        thread = threading.Thread(target=httpd.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{httpd.server_port}/"
        httpd.shutdown()
        thread.join()


def test_fetching_once(tmp_path: Path, server: str) -> None:
    target = data.fetch(tmp_path / "cache", server)
    assert len(data.mnist(target).training) == 7
    for path in (tmp_path / "mirror").iterdir():
        path.unlink()
    assert data.fetch(tmp_path / "cache", server) == target  # no longer asks


def test_another_file_than_the_published_one_is_refused(tmp_path: Path, server: str) -> None:
    write(tmp_path / "mirror", test=4)
    with pytest.raises(DataError, match="--data"):
        data.fetch(tmp_path / "cache", server)


def test_no_network(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"cannot be fetched from http://127\.0\.0\.1:9/"):
        data.fetch(tmp_path / "cache", "http://127.0.0.1:9/")
