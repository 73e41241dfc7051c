"""Where every node of a network stands: the flattened plot and the 3D scene, from one TOML file."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vizapp.nets.network import Network
from vizapp.resources import layouts_dir

Vector = tuple[float, float, float]
_MAX_LENGTH = 1000.0
_EDGE = 4.0
"""Left of the layers' names."""


class LayoutError(ValueError):
    """A layout file that cannot be used; the message names the file, the line and the mend."""


@dataclass(frozen=True)
class Block:
    """One feature map, or one dense layer wrapped into rows, as a grid of equal cells in the flat plot.

    `x`, `y` are the lower left corner; cells are `spacing` apart, `cell` wide; node `first + r * cols + c`
    stands in row `r` (from the top) and column `c`; the last row may be short.
    """

    layer: int
    first: int
    count: int
    rows: int
    cols: int
    x: float
    y: float
    cell: float
    spacing: float

    @property
    def width(self) -> float:
        return self.cols * self.spacing

    @property
    def height(self) -> float:
        return self.rows * self.spacing


@dataclass(frozen=True)
class Camera:
    """A named view of the 3D scene."""

    label: str
    position: Vector
    target: Vector


@dataclass(frozen=True, eq=False)
class Layout:
    """Positions of all nodes of one network. Lengths in layout units, y up, x centred on 0.

    `positions` float32[node, 3] and `size` float32[node] (edge of the box) for the 3D scene;
    `flat` float32[node, 2] and `flat_size` float32[node] (edge of the cell) for the flattened plot;
    `labels` one text per layer; `bounds` (x0, x1, y0, y1) of the flat plot, labels included.
    """

    network: str
    title: str
    about: str
    positions: NDArray[np.float32]
    flat: NDArray[np.float32]
    size: NDArray[np.float32]
    flat_size: NDArray[np.float32]
    blocks: tuple[Block, ...]
    labels: tuple[str, ...]
    cameras: Mapping[str, Camera]
    bounds: tuple[float, float, float, float]
    label_x: float


@cache
def load_layout(network: Network) -> Layout:
    """The layout shipped for `network`, read once per process. Raises LayoutError."""
    return read_layout(layouts_dir() / f"{network.name}.toml", network)


def read_layout(path: Path, network: Network) -> Layout:
    """Read and check a layout file. Raises LayoutError naming the line that is wrong."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise LayoutError(f"{path.name} cannot be read: {error}") from error
    return parse_layout(text, network, path.name)


def parse_layout(text: str, network: Network, name: str = "layout") -> Layout:
    """Compute a Layout from TOML text. Raises LayoutError naming the line that is wrong."""
    try:
        document = tomllib.loads(text)
    except RecursionError:
        raise LayoutError(f"{name}: its lists are nested too deeply") from None
    except ValueError as error:  # wrong syntax, or a number of thousands of digits
        raise LayoutError(f"{name}: {error}") from error
    return _Reader(text, name, network, document).layout()


class _Reader:
    """Checks a parsed document value by value, so that every refusal can name its line."""

    def __init__(self, text: str, name: str, network: Network, document: dict[str, Any]) -> None:
        self.lines, self.name, self.network, self.document = text.splitlines(), name, network, document

    def fail(self, where: str, key: str, problem: str) -> LayoutError:
        return LayoutError(f"{self.name}, line {self._line(where, key)}: {problem}")

    def _line(self, where: str, key: str) -> int:
        """Line of `key` in the table `where` ("flat", "camera.front", "layer 3", "" for the top)."""
        table, _, index = where.partition(" ")
        header = re.compile(r"\s*\[+\s*" + re.escape(table) + r"\s*\]+") if table else None
        seen, inside, start = -1, header is None, 1
        for number, line in enumerate(self.lines, 1):
            if header and header.match(line):
                seen += 1
                inside = seen == int(index or 0)
                start = number if inside else start
            elif line.lstrip().startswith("["):
                inside = False
            elif inside and re.match(r"\s*" + re.escape(key) + r"\s*=", line):
                return number
        return start

    def table(self, parent: dict[str, Any], key: str, where: str) -> dict[str, Any]:
        value = parent.get(key)
        if not isinstance(value, dict):
            raise self.fail("", key, f"a table [{where}] is needed")
        return value

    def known(self, table: Mapping[str, Any], where: str, keys: str) -> None:
        for key in table:
            if key not in keys.split():
                raise self.fail(where, key, f"unknown key {key!r}; known here: {', '.join(keys.split())}")

    def number(self, table: Mapping[str, Any], key: str, where: str, default: float | None = None) -> float:
        value = table.get(key, default)
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 < value <= _MAX_LENGTH:
            problem = f"{key} must be a number above 0 and at most {_MAX_LENGTH:g}, not {_brief(value)}"
            raise self.fail(where, key, problem)
        return float(value)

    def text(self, table: Mapping[str, Any], key: str, where: str) -> str:
        value = table.get(key)
        if not isinstance(value, str) or not 0 < len(value) <= 200:
            raise self.fail(where, key, f"{key} must be a text of 1 to 200 characters")
        return value

    def vector(self, table: Mapping[str, Any], key: str, where: str) -> Vector:
        value = table.get(key)
        if (
            not isinstance(value, list)
            or len(value) != 3
            or not all(type(v) in (int, float) and abs(v) <= 100 * _MAX_LENGTH for v in value)
        ):
            raise self.fail(where, key, f"{key} must be three numbers [x, y, z]")
        return float(value[0]), float(value[1]), float(value[2])

    def layout(self) -> Layout:
        document, network = self.document, self.network
        self.known(document, "", "network title about flat scene layer camera")
        if document.get("network") != network.name:
            raise self.fail(
                "", "network", f"network must be {network.name!r}, not {_brief(document.get('network'))}"
            )
        flat, scene = self.table(document, "flat", "flat"), self.table(document, "scene", "scene")
        self.known(flat, "flat", "gap map_gap label_space")
        self.known(scene, "scene", "layer_gap map_gap fill")
        gap, map_gap = self.number(flat, "gap", "flat"), self.number(flat, "map_gap", "flat")
        label_space = self.number(flat, "label_space", "flat")
        layer_gap, fill = self.number(scene, "layer_gap", "scene"), self.number(scene, "fill", "scene")
        scene_map_gap = self.number(scene, "map_gap", "scene")
        if fill > 1:
            raise self.fail("scene", "fill", "fill is a share of the cell and must be at most 1")

        tables = self.layers()
        n = network.n_nodes
        positions, size = np.zeros((n, 3), np.float32), np.zeros(n, np.float32)
        flat_xy, flat_size = np.zeros((n, 2), np.float32), np.zeros(n, np.float32)
        blocks: list[Block] = []
        bottom = 0.0
        for index, table in enumerate(tables):
            where = f"layer {index}"
            cell = self.number(table, "cell", where)
            spacing = self.number(table, "spacing", where, cell)
            if spacing < cell:
                raise self.fail(where, "spacing", "spacing must be at least cell, or nodes would overlap")
            own = self.layer_blocks(index, self.grid(index, table, "wrap"), cell, spacing, bottom, map_gap)
            scene_grid = self.grid(index, table, "scene_wrap" if "scene_wrap" in table else "wrap")
            deep = self.layer_blocks(index, scene_grid, cell, spacing, 0.0, scene_map_gap)
            for block, plate in zip(own, deep, strict=True):
                nodes = slice(block.first, block.first + block.count)
                flat_xy[nodes] = _centres(block)
                flat_size[nodes] = cell
                across = _centres(plate)
                positions[nodes, 0] = across[:, 0]
                positions[nodes, 1] = index * layer_gap
                positions[nodes, 2] = plate.y + plate.height / 2 - across[:, 1]
                size[nodes] = cell * fill
            blocks += own
            bottom = max(b.y + b.height for b in own) + gap

        left, right = min(b.x for b in blocks), max(b.x + b.width for b in blocks)
        for array in (positions, flat_xy, size, flat_size):
            array.flags.writeable = False
        margin = gap / 2
        return Layout(
            network=network.name,
            title=self.text(document, "title", ""),
            about=self.text(document, "about", ""),
            positions=positions,
            flat=flat_xy,
            size=size,
            flat_size=flat_size,
            blocks=tuple(blocks),
            labels=tuple(self.text(t, "label", f"layer {i}") for i, t in enumerate(tables)),
            cameras=self.cameras(),
            bounds=(left - label_space - _EDGE, right + margin, -margin, bottom - gap + margin),
            label_x=left - label_space,
        )

    def layers(self) -> list[dict[str, Any]]:
        tables = self.document.get("layer")
        if not isinstance(tables, list) or not all(isinstance(t, dict) for t in tables):
            raise self.fail("", "layer", "the layers are needed, each as a table [[layer]]")
        expected = [layer.name for layer in self.network.layers]
        for index, table in enumerate(tables):
            self.known(table, f"layer {index}", "name label cell spacing wrap scene_wrap")
            wanted = expected[index] if index < len(expected) else None
            if table.get("name") != wanted:
                problem = f"layer {_brief(table.get('name'))} stands where " + (
                    f"{wanted!r} is expected" if wanted else f"{self.network.name} has no more layers"
                )
                raise self.fail(f"layer {index}", "name", problem)
        if len(tables) < len(expected):
            raise self.fail(
                f"layer {len(tables) - 1}", "", f"layer {expected[len(tables)]!r} is missing after this"
            )
        return tables

    def grid(self, index: int, table: Mapping[str, Any], key: str) -> tuple[int, int, int]:
        """Maps, rows and columns of a layer; a dense one is wrapped into rows of as many units as `key` says."""
        shape = self.network.layers[index].shape
        if len(shape) == 3:
            for wrong in ("wrap", "scene_wrap"):
                if wrong in table:
                    problem = f"{wrong} is for dense layers; this one has feature maps"
                    raise self.fail(f"layer {index}", wrong, problem)
            return shape
        wrap = table.get(key, shape[0])
        if type(wrap) is not int or not 1 <= wrap <= 10_000:
            raise self.fail(f"layer {index}", key, f"{key} must be a whole number from 1, not {_brief(wrap)}")
        cols = min(wrap, shape[0])
        return 1, -(-shape[0] // cols), cols

    def layer_blocks(
        self,
        index: int,
        grid: tuple[int, int, int],
        cell: float,
        spacing: float,
        bottom: float,
        map_gap: float,
    ) -> list[Block]:
        """The blocks of one layer, side by side from the left and centred on x = 0."""
        first = int(self.network.offsets[index])
        maps, rows, cols = grid
        count = self.network.layers[index].n_nodes // maps
        width = cols * spacing
        left = -(maps * width + (maps - 1) * map_gap) / 2
        return [
            Block(
                index,
                first + m * count,
                count,
                rows,
                cols,
                left + m * (width + map_gap),
                bottom,
                cell,
                spacing,
            )
            for m in range(maps)
        ]

    def cameras(self) -> dict[str, Camera]:
        tables = self.table(self.document, "camera", "camera.front")
        cameras = {}
        for key, table in tables.items():
            where = f"camera.{key}"
            if not isinstance(table, dict):
                raise self.fail("camera", key, f"a table [{where}] is needed")
            self.known(table, where, "label position target")
            position, target = self.vector(table, "position", where), self.vector(table, "target", where)
            if position == target:
                raise self.fail(where, "position", "a camera cannot stand in its own target")
            cameras[key] = Camera(self.text(table, "label", where), position, target)
        if not cameras:
            raise self.fail("camera", "", "at least one camera is needed")
        return cameras


def _brief(value: object) -> str:
    """How a message shows a foreign value: a whole number may have more digits than Python prints."""
    shown = (
        repr(value) if isinstance(value, (str, float, bool)) else f"a value of type {type(value).__name__}"
    )
    return shown if len(shown) <= 60 else f"{shown[:59]}…"


def _centres(block: Block) -> NDArray[np.float64]:
    """Centres of the block's cells, float64[count, 2], y up."""
    row, col = np.divmod(np.arange(block.count), block.cols)
    x = block.x + (col + 0.5) * block.spacing
    y = block.y + block.height - (row + 0.5) * block.spacing
    return np.stack([x, y], axis=1)
