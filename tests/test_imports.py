"""Imports point one way, and the networks need neither a web framework nor a compiler."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "vizapp"

# What each part may import, besides itself. A module at the top counts as a part of its own name.
MAY: dict[str, set[str]] = {
    "__init__": set(),
    "resources": set(),
    "jit": set(),
    "nets": {"resources"},
    "inputs": {"jit", "nets", "resources"},
    "analysis": {"inputs", "nets", "resources"},
    "raster": {"jit", "nets", "resources"},
}
STATE = {
    "crossing",
    "export",
    "explorer",
    "history",
    "parameters",
    "search",
    "sentences",
    "state",
    "timeline",
    "walk",
}
VIEWS = {"views"}
OUTER = {"app", "jupyter", "notebook", "serving", "server", "cli", "bench", "onnx_engine", "__main__"}
NUMPY_ONLY = {"nets", "inputs"}
LIBRARIES = {"numpy", "safetensors", "pooch", "tqdm", "PIL"}
LATE = {"inputs": {"scipy"}}
"""Imported where they are needed and not with the part: `test_light_imports_stay_light` sees to it."""


def allowed(part: str) -> set[str]:
    inner = set(MAY) | STATE
    if part in MAY:
        return MAY[part] | {"__init__", part}
    if part in STATE:
        return inner
    if part in VIEWS:
        return inner | VIEWS
    return inner | VIEWS | OUTER


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def part_of(name: str) -> str:
    """ "vizapp.nets.layers" → "nets"; "vizapp" → "__init__"."""
    _, _, rest = name.partition(".")
    return rest.partition(".")[0] or "__init__"


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" and len(parts) > 2 else parts)


def imports(path: Path) -> Iterator[str]:
    """Full names of all modules that a file imports, anywhere in it, but for type checkers only."""
    package = path.relative_to(ROOT).parent.parts
    tree = ast.parse(path.read_text(encoding="utf-8"))
    skipped = {
        id(node)
        for block in ast.walk(tree)
        if isinstance(block, ast.If) and ast.unparse(block.test).endswith("TYPE_CHECKING")
        for statement in block.body
        for node in ast.walk(statement)
    }
    for node in ast.walk(tree):
        if id(node) in skipped:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = list(package[: len(package) - node.level + 1]) if node.level else []
            base = ".".join([*above, *([node.module] if node.module else [])])
            # `from vizapp import nets` imports a module, `from vizapp.nets import load` a name.
            yield from (f"{base}.{alias.name}" if base == "vizapp" else base for alias in node.names)


def own(names: Iterator[str]) -> set[str]:
    parts = {path.stem if path.is_file() else path.name for path in PACKAGE.iterdir()}
    found = {part_of(name) for name in names if name.partition(".")[0] == "vizapp"}
    # `from vizapp import __version__`
    return {part if part in parts else "__init__" for part in found}


@pytest.mark.parametrize("path", modules(), ids=module_name)
def test_imports_point_one_way(path: Path) -> None:
    part = part_of(module_name(path))
    assert own(imports(path)) <= allowed(part)


def test_every_part_is_known() -> None:
    parts = {part_of(module_name(path)) for path in modules()}
    assert parts <= set(MAY) | STATE | VIEWS | OUTER


@pytest.mark.parametrize("part", sorted(NUMPY_ONLY))
def test_networks_and_inputs_name_few_libraries(part: str) -> None:
    named = {name.partition(".")[0] for path in (PACKAGE / part).rglob("*.py") for name in imports(path)}
    assert named - set(sys.stdlib_module_names) <= LIBRARIES | LATE.get(part, set()) | {"vizapp"}


@pytest.mark.parametrize(
    "module", ["vizapp.nets", "vizapp.inputs", "vizapp.inputs.classify", "vizapp.inputs.morphs", "vizapp.cli"]
)
def test_light_imports_stay_light(module: str) -> None:
    """In a new process: what is imported indirectly counts, too."""
    heavy = "panel", "bokeh", "numba", "holoviews", "datashader", "tornado", "scipy", "pandas"
    code = f"import sys, {module}; print(*sorted(set({heavy!r}) & set(sys.modules)))"
    outcome = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert outcome.stdout.split() == []
