from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from vizapp.inputs import InputError, reference
from vizapp.inputs.reference import _FOLDER, _verified, index_of


def test_the_10000_images_and_their_labels() -> None:
    images, labels = reference()
    assert (images.shape, images.dtype) == ((10_000, 28, 28), np.uint8)
    # Published numbers of MNIST's test set: its labels' frequencies and its first labels.
    assert np.bincount(labels).tolist() == [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]
    assert labels[:10].tolist() == [7, 2, 1, 0, 4, 1, 4, 9, 5, 9]
    assert images.max() == 255
    assert images.mean() == pytest.approx(33.79, abs=0.01)


def test_they_are_loaded_once_and_cannot_be_changed() -> None:
    images, labels = reference()
    assert reference()[0] is images
    for array in (images, labels):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0


def test_an_image_is_found_again() -> None:
    images, _ = reference()
    for index in (0, 77, 9_999):
        assert index_of(images[index].astype(np.float32) / 255) == index
    other = images[5].astype(np.float32) / 255
    other[0, 0] = 1
    assert index_of(other) is None
    assert index_of(np.zeros((56, 56), np.float32)) is None


def test_damaged_or_missing_data_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # By way of sys.modules: the package's attribute of this name is the function.
    monkeypatch.setattr(sys.modules[_verified.__module__], "_FOLDER", tmp_path)
    with pytest.raises(InputError, match=r"no such file.*Install vizapp again"):
        _verified("images.gz", "0" * 64)
    (tmp_path / "images.gz").write_bytes(b"other")
    with pytest.raises(InputError, match=r"damaged"):
        _verified("images.gz", "0" * 64)


def test_the_licence_is_beside_the_data() -> None:
    assert "Attribution-Share Alike 3.0" in (_FOLDER / "LICENCE.txt").read_text()
