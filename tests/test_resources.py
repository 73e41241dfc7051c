"""Where the files that come with vizapp are looked for."""

from __future__ import annotations

from pathlib import Path

import pytest

from vizapp import resources


def test_shipped_files_are_found() -> None:
    assert {path.stem for path in resources.weights_dir().glob("*.safetensors")} >= {"mlp", "cnn"}
    assert {path.stem for path in resources.layouts_dir().glob("*.toml")} >= {"mlp", "cnn"}


def test_the_package_comes_before_the_checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "vizapp"
    monkeypatch.setattr(resources, "_PACKAGE", package)
    with pytest.raises(FileNotFoundError, match="not completely installed"):
        resources.weights_dir()
    (tmp_path / "weights").mkdir()
    assert resources.weights_dir() == tmp_path / "weights"
    (package / "weights").mkdir(parents=True)
    assert resources.weights_dir() == package / "weights"
