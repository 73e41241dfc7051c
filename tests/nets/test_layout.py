"""Where the nodes stand, for the shipped layouts, and every kind of layout file that is refused."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import numpy as np
import pytest

from vizapp import nets
from vizapp.nets.layout import Layout, LayoutError, load_layout, parse_layout, read_layout
from vizapp.nets.network import Network
from vizapp.resources import layouts_dir

NAMES = nets.names()
TEXTS = {name: (layouts_dir() / f"{name}.toml").read_text(encoding="utf-8") for name in NAMES}


@pytest.fixture(params=NAMES)
def network(request: pytest.FixtureRequest) -> Network:
    return nets.load(request.param)


@pytest.fixture
def layout(network: Network) -> Layout:
    return load_layout(network)


def test_is_read_once(network: Network, layout: Layout) -> None:
    assert load_layout(network) is layout
    assert not layout.positions.flags.writeable
    assert not layout.flat.flags.writeable


def test_every_node_has_a_finite_place_and_a_size(network: Network, layout: Layout) -> None:
    n = network.n_nodes
    assert layout.positions.shape == (n, 3)
    assert layout.flat.shape == (n, 2)
    for array in (layout.positions, layout.flat, layout.size, layout.flat_size):
        assert array.dtype == np.float32
        assert np.isfinite(array).all()
    assert (layout.size > 0).all()
    assert (layout.flat_size > 0).all()


def overlaps(centres: np.ndarray, sizes: np.ndarray) -> int:
    """Pairs of axis-aligned squares or cubes that share more than an edge, by brute force in chunks."""
    found = 0
    for start in range(0, len(centres), 512):
        stop = start + 512
        gap = np.abs(centres[start:stop, None] - centres[None]).max(axis=2)
        near = (sizes[start:stop, None] + sizes[None]) / 2
        # float32 positions: cells that touch may overlap by rounding.
        found += int((gap < near * (1 - 1e-3)).sum())
    return found - len(centres)


def test_no_cell_covers_another(layout: Layout) -> None:
    assert overlaps(layout.flat, layout.flat_size) == 0


def test_no_box_covers_another(layout: Layout) -> None:
    assert overlaps(layout.positions, layout.size) == 0


def test_all_cells_and_the_place_for_labels_are_within_the_bounds(layout: Layout) -> None:
    x0, x1, y0, y1 = layout.bounds
    half = layout.flat_size / 2
    assert (layout.flat[:, 0] - half).min() > layout.label_x >= x0
    assert (layout.flat[:, 0] + half).max() < x1
    assert (layout.flat[:, 1] - half).min() > y0
    assert (layout.flat[:, 1] + half).max() < y1


def test_the_plot_is_no_ribbon(layout: Layout) -> None:
    # The forerunner's row of 300 units ran off the screen.
    x0, x1, y0, y1 = layout.bounds
    assert 0.5 < (x1 - x0) / (y1 - y0) < 2


def test_blocks_hold_every_node_once_where_it_is_drawn(network: Network, layout: Layout) -> None:
    owner = np.full(network.n_nodes, -1)
    for number, block in enumerate(layout.blocks):
        nodes = np.arange(block.first, block.first + block.count)
        assert (owner[nodes] == -1).all()
        owner[nodes] = number
        assert {network.layer_index_of(int(nodes[0])), network.layer_index_of(int(nodes[-1]))} == {
            block.layer
        }
        assert (block.rows - 1) * block.cols < block.count <= block.rows * block.cols
        for node in nodes[:: max(1, block.count // 17)]:
            row, col = divmod(int(node) - block.first, block.cols)
            x = block.x + (col + 0.5) * block.spacing
            y = block.y + block.height - (row + 0.5) * block.spacing
            np.testing.assert_allclose(layout.flat[node], (x, y), atol=1e-3)
            assert layout.flat_size[node] == np.float32(block.cell)
    assert (owner >= 0).all()


def test_map_one_is_leftmost_and_row_zero_is_at_the_top(network: Network, layout: Layout) -> None:
    for index, layer in enumerate(network.layers):
        blocks = [block for block in layout.blocks if block.layer == index]
        assert [block.first for block in blocks] == sorted(block.first for block in blocks)
        assert [block.x for block in blocks] == sorted(block.x for block in blocks)
        if len(layer.shape) == 3:
            assert len(blocks) == layer.shape[0]
            grid = layout.flat[network.span(layer.name)].reshape(*layer.shape, 2)
            assert (np.diff(grid[..., 0], axis=2) > 0).all()
            assert (np.diff(grid[..., 1], axis=1) < 0).all()
            scene = layout.positions[network.span(layer.name)].reshape(*layer.shape, 3)
            assert (np.diff(scene[:, 0, 0, 0]) > 0).all()


def test_digits_run_from_left_to_right(network: Network, layout: Layout) -> None:
    outputs = network.span(network.layers[-1].name)
    assert (np.diff(layout.flat[outputs, 0]) > 0).all()
    assert np.ptp(layout.flat[outputs, 1]) == 0
    assert (np.diff(layout.positions[outputs, 0]) > 0).all()


def test_layers_go_up_one_above_the_other(network: Network, layout: Layout) -> None:
    for array in (layout.flat, layout.positions):
        half = (layout.flat_size if array is layout.flat else layout.size) / 2
        spans = [network.span(layer.name) for layer in network.layers]
        tops = [float((array[s, 1] + half[s]).max()) for s in spans]
        feet = [float((array[s, 1] - half[s]).min()) for s in spans]
        assert all(top < foot for top, foot in zip(tops, feet[1:], strict=False))


def test_three_hundred_units_are_wrapped() -> None:
    network = nets.load("mlp")
    (block,) = [b for b in load_layout(network).blocks if network.layers[b.layer].name == "fc1"]
    assert block.count == 300
    assert block.rows >= 3


def test_every_layer_has_a_label_and_the_views_have_names(network: Network, layout: Layout) -> None:
    assert len(layout.labels) == len(network.layers)
    assert all(layout.labels)
    assert {"front", "side", "top"} <= set(layout.cameras)
    assert len({camera.label for camera in layout.cameras.values()}) == len(layout.cameras)


# Refusals: (what to replace, by what, the line's text that must be named or None for the last).


def line_of(text: str, pattern: str) -> int:
    (number,) = [n for n, line in enumerate(text.splitlines(), 1) if re.search(pattern, line)]
    return number


def refused(text: str, name: str = "cnn") -> str:
    with pytest.raises(LayoutError) as error:
        parse_layout(text, nets.load(name), f"{name}.toml")
    message = str(error.value)
    assert message.startswith(f"{name}.toml")
    assert len(message) < 300
    return message


def named_line(message: str) -> int:
    found = re.search(r"line (\d+)", message)
    assert found, message
    return int(found[1])


WRONG_NUMBERS = {
    "nan": "nan",
    "infinite": "inf",
    "minus infinite": "-inf",
    "negative": "-1.0",
    "zero": "0",
    "true": "true",
    "text": '"1"',
    "list": "[1]",
    "huge": "1e300",
    "huge whole": "9" * 400,
    "huge whole in base 16": "0x" + "f" * 9000,
    "date": "2026-01-01",
}


@pytest.mark.parametrize("wrong", WRONG_NUMBERS.values(), ids=WRONG_NUMBERS.keys())
@pytest.mark.parametrize("key", ["gap", "layer_gap", "label_space", "fill"])
def test_a_wrong_number_is_refused_with_its_line(key: str, wrong: str) -> None:
    text = re.sub(rf"(?m)^{key} = \S+", f"{key} = {wrong}", TEXTS["cnn"])
    message = refused(text)
    assert named_line(message) == line_of(text, f"^{key} =")
    assert key in message


@pytest.mark.parametrize("wrong", WRONG_NUMBERS.values(), ids=WRONG_NUMBERS.keys())
def test_a_wrong_number_of_one_layer_is_refused_with_the_line_of_that_layer(wrong: str) -> None:
    text = TEXTS["cnn"].replace("cell = 1.15", f"cell = {wrong}")
    assert named_line(refused(text)) == line_of(text, rf"^cell = {re.escape(wrong)}$")


@pytest.mark.parametrize("wrong", ["0", "-60", "60.0", "true", '"60"', "9" * 30])
def test_a_wrong_wrap_is_refused_with_its_line(wrong: str) -> None:
    text = re.sub(r"wrap = 60\b", f"wrap = {wrong}", TEXTS["cnn"])
    assert named_line(refused(text)) == line_of(text, rf"^wrap = {re.escape(wrong)} ")


CAMERAS = [
    "[0, 0]",
    "[0, 0, nan]",
    "[0, inf, 0]",
    "[0, 0, true]",
    '["0", 0, 0]',
    "5",
    "[0, 0, 1e99]",
    "[0, 0, 0, 0]",
]


@pytest.mark.parametrize("wrong", CAMERAS)
def test_a_wrong_camera_is_refused_with_its_line(wrong: str) -> None:
    text = TEXTS["cnn"].replace("[330.0, 230.0, 150.0]", wrong)
    assert named_line(refused(text)) == line_of(text, rf"^position = {re.escape(wrong)}$")


def test_a_camera_that_stands_in_its_own_target_is_refused() -> None:
    text = TEXTS["cnn"].replace("[330.0, 230.0, 150.0]", "[0.0, 0.0, 0.0]")
    assert named_line(refused(text)) == line_of(text, r"^position = \[0\.0, 0")


@pytest.mark.parametrize(
    ("old", "new", "wrong"),
    [
        ("fill = 0.84", "fill = 1.2", "^fill"),
        ("spacing = 10.0", "spacing = 7.0", "^spacing"),
        ("map_gap = 3.0", "map_gap = 3.0\nshadow = 2", "^shadow"),
        ("wrap = 50", "wrap = 50\ncolour = 1", "^colour"),
        ('label = "Side"', 'label = "Side"\nroll = 1', "^roll"),
        ('label = "Side"', 'label = ""', '^label = ""'),
        ('label = "pool2"', "label = 3", "^label = 3"),
        ('name = "conv2"\n', 'name = "conv2"\nwrap = 4\n', "^wrap = 4$"),
        ('network = "cnn"', 'network = "mlp"', "^network"),
        ('network = "cnn"', 'network = "cnn"\nversion = 1', "^version"),
        ('title = "Convolutional network"', "title = 4", "^title"),
        ('name = "conv1"', 'name = "convolution"', '^name = "convolution"'),
        ('name = "conv2"', 'name = "pool2"\n#', r'^name = "pool2"$'),
    ],
)
def test_what_does_not_belong_there_is_refused_with_its_line(old: str, new: str, wrong: str) -> None:
    assert old in TEXTS["cnn"]
    text = TEXTS["cnn"].replace(old, new)
    lines = [n for n, line in enumerate(text.splitlines(), 1) if re.search(wrong, line)]
    assert named_line(refused(text)) == lines[0]


def test_a_missing_value_is_refused_with_the_line_of_its_table() -> None:
    text = TEXTS["cnn"].replace("layer_gap = 46.0   # between two plates\n", "")
    message = refused(text)
    assert named_line(message) == line_of(text, r"^\[scene\]")
    assert "layer_gap" in message


def test_layers_in_the_wrong_order_are_refused_at_the_first_that_is_wrong() -> None:
    text = TEXTS["cnn"].replace('name = "pool1"', "A").replace('name = "conv2"', 'name = "pool1"')
    text = text.replace("A", 'name = "conv2"')
    message = refused(text)
    assert named_line(message) == line_of(text, '^name = "conv2"')
    assert "'pool1' is expected" in message


def without_layer(name: str) -> str:
    text = re.sub(rf'\[\[layer\]\]\nname = "{name}"\n(?:\w.*\n)*\n', "", TEXTS["cnn"])
    tomllib.loads(text)
    return text


def test_a_missing_layer_is_named() -> None:
    message = refused(without_layer("pool2"))
    assert "'pool2'" in message
    assert named_line(message) == line_of(without_layer("pool2"), '^name = "fc1"')


def test_a_missing_last_layer_is_named_after_the_one_before_it() -> None:
    text = without_layer("output")
    message = refused(text)
    assert "'output'" in message
    assert line_of(text, '^name = "fc2"') - 1 <= named_line(message) <= line_of(text, '^label = "fc2"')


def test_one_layer_too_many_is_refused() -> None:
    text = TEXTS["cnn"].replace(
        "[camera.front]", '[[layer]]\nname = "extra"\nlabel = "e"\ncell = 1.0\n\n[camera.front]'
    )
    assert named_line(refused(text)) == line_of(text, '^name = "extra"')


def without_table(name: str) -> str:
    return re.sub(rf"(?m)^\[\[?{name}\b.*\n(?:[^\[].*\n|\n)*", "", TEXTS["cnn"])


@pytest.mark.parametrize("missing", ["flat", "scene", "camera", "layer"])
def test_a_missing_table_is_named(missing: str) -> None:
    text = without_table(missing)
    assert missing not in tomllib.loads(text)
    assert missing in refused(text)


@pytest.mark.parametrize("table", ["flat = 3", "scene = []", "layer = 3", "layer = [1]", "camera = 1"])
def test_a_value_in_place_of_a_table_is_refused(table: str) -> None:
    name = table.split()[0]
    text = without_table(name)
    text = text.replace('network = "cnn"', f'network = "cnn"\n{table}')
    assert named_line(refused(text)) == line_of(text, f"^{re.escape(table)}$")


def test_wrong_syntax_is_refused_with_its_line() -> None:
    text = TEXTS["cnn"].replace("map_gap = 3.0", "map_gap = = 3.0")
    assert named_line(refused(text)) == line_of(text, "= = ")


def test_a_number_of_thousands_of_digits_is_refused() -> None:
    refused(TEXTS["cnn"].replace("map_gap = 3.0", f"map_gap = {'9' * 9000}"))


def test_a_key_given_twice_is_refused_with_its_line() -> None:
    text = TEXTS["cnn"].replace("layer_gap = 46.0", "fill = 0.5\nlayer_gap = 46.0")
    assert named_line(refused(text)) == line_of(text, "^fill = 0.84")


def test_an_empty_file_is_refused() -> None:
    assert "network" in refused("")


def test_nesting_without_end_is_refused() -> None:
    refused("a = " + "[" * 100_000)


def test_a_file_that_is_missing_or_no_text_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(LayoutError, match=r"gone\.toml"):
        read_layout(tmp_path / "gone.toml", nets.load("mlp"))
    (tmp_path / "noise.toml").write_bytes(bytes(range(255, 0, -1)))
    with pytest.raises(LayoutError, match=r"noise\.toml"):
        read_layout(tmp_path / "noise.toml", nets.load("mlp"))


def test_the_layout_of_one_network_does_not_fit_the_other() -> None:
    assert named_line(refused(TEXTS["mlp"], "cnn")) == line_of(TEXTS["mlp"], "^network")
