"""The 3D scene in a real Chromium: what is drawn, where, and when nothing is."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from playwright.sync_api import Browser, Page, ViewportSize, expect
from scene_page import encode, network, open_scene, scene_document

from vizapp.nets.layout import load_layout
from vizapp.nets.network import Network

WIDE: ViewportSize = {"width": 1000, "height": 760}
Bytes = NDArray[np.uint8]


@pytest.fixture(scope="module")
def cnn() -> Network:
    return network("cnn")


@pytest.fixture
def page(page: Page) -> Page:
    page.set_viewport_size(WIDE)
    return page


@pytest.fixture
def scene(page: Page, cnn: Network) -> Page:
    open_scene(page, scene_document(cnn))
    return page


def settle(page: Page, script: str) -> Any:
    """Run a script in the page and wait until the scene has come to rest."""
    result = page.evaluate(f"() => {{ {script} }}")
    page.evaluate("rest()")
    return result


def show(page: Page, levels: Bytes) -> None:
    page.evaluate("(levels) => show(bytes(levels), 'test')", encode(levels))


def pixels(page: Page) -> Bytes:
    """The canvas as it is on the screen, without the labels above it."""
    style = page.add_style_tag(content=".vz-labels { visibility: hidden }")
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    style.evaluate("(element) => element.remove()")
    return np.asarray(picture)


def places(page: Page) -> NDArray[np.float64]:
    """Where every node's centre is on the screen, float64[node, 2]."""
    return np.array(page.evaluate("Array.from(network.size, (_, node) => scene.project(node))"))


def set_palette(page: Page, palette: Bytes) -> None:
    page.evaluate("(rgba) => scene.setPalette(bytes(rgba))", encode(palette))


def random_palette() -> Bytes:
    palette = np.random.default_rng(5).integers(0, 256, (2, 256, 4), dtype=np.uint8)
    palette[..., 3] = 255
    return palette


def test_every_node_is_drawn_at_its_place_in_its_colour(scene: Page, cnn: Network) -> None:
    palette = random_palette()
    levels = np.random.default_rng(6).integers(0, 256, cnn.n_nodes, dtype=np.uint8)
    set_palette(scene, palette)
    settle(scene, "scene.setFlat(true, false)")
    show(scene, levels)
    row = np.zeros(cnn.n_nodes, int)
    row[cnn.span("output")] = 1  # the synthetic network's signed layer
    x, y = places(scene).astype(int).T
    np.testing.assert_array_equal(pixels(scene)[y, x], palette[row, levels, :3])


def test_new_levels_show_their_colours_in_3d(scene: Page, cnn: Network) -> None:
    palette = np.zeros((2, 256, 4), np.uint8)
    palette[:, 10] = (200, 40, 40, 255)
    palette[:, 20] = (40, 200, 40, 255)
    set_palette(scene, palette)
    settle(scene, "scene.view('top', false)")
    output = cnn.span("output")  # the uppermost layer: nothing is above it
    x, y = places(scene)[output].astype(int).T
    for level, channel in ((10, 0), (20, 1)):
        show(scene, np.full(cnn.n_nodes, level, np.uint8))
        colours = pixels(scene)[y, x]
        np.testing.assert_array_equal(colours.argmax(axis=1), channel)
        np.testing.assert_array_equal(colours.max(axis=1), 200)  # tops are not shaded


def test_painted_comes_with_the_latest_tag_only(scene: Page) -> None:
    tags = scene.evaluate("""() => new Promise((done) => {
      const tags = [];
      scene.onPainted = (tag) => { tags.push(tag); if (tag === 3) done(tags); };
      for (const tag of [1, 2, 3]) scene.setLevels(new Uint8Array(network.size.length), tag);
    })""")
    assert tags == [3]


def test_nothing_is_drawn_while_nothing_changes(scene: Page) -> None:
    counts = scene.evaluate("""async () => {
      const counts = [scene.frames];
      for (let i = 0; i < 10; i++) await new Promise(requestAnimationFrame);
      counts.push(scene.frames);
      scene.setLevels(new Uint8Array(network.size.length));
      for (let i = 0; i < 10; i++) await new Promise(requestAnimationFrame);
      counts.push(scene.frames);
      return counts;
    }""")
    assert counts[1] == counts[0]
    assert counts[2] == counts[0] + 1


def test_a_pointer_that_moves_over_nothing_draws_nothing(scene: Page) -> None:
    before = scene.evaluate("scene.frames")
    scene.mouse.move(5, 5)
    scene.mouse.move(9, 9)
    scene.evaluate("rest()")
    assert scene.evaluate("[scene.frames, hovers.length]") == [before, 0]


@pytest.mark.parametrize("layer", ["input", "conv1", "pool2", "fc1", "output"])
def test_hover_finds_the_node_under_the_pointer_in_3d(scene: Page, cnn: Network, layer: str) -> None:
    names = [each.name for each in cnn.layers]
    only = str([name == layer for name in names]).lower()
    settle(scene, f"scene.setVisibleLayers({only}, false); scene.view('top', false)")
    span = cnn.span(layer)
    where = places(scene)
    for node in np.linspace(span.start, span.stop - 1, 4).astype(int):
        scene.mouse.move(*where[node])
        scene.evaluate("rest()")
        assert scene.evaluate("hovers.at(-1)") == node


def test_hover_finds_the_node_in_the_flattened_plot(scene: Page, cnn: Network) -> None:
    settle(scene, "scene.setFlat(true, false)")
    where = places(scene)
    for node in (0, 1023, 1024, 5000, 8000, 9100, cnn.n_nodes - 1):
        scene.mouse.move(*where[node])
        scene.evaluate("rest()")
        assert scene.evaluate("hovers.at(-1)") == node
    scene.mouse.move(2, 2)
    scene.evaluate("rest()")
    assert scene.evaluate("hovers.at(-1)") is None


def test_picking_agrees_with_what_is_drawn_in_front(scene: Page, cnn: Network) -> None:
    """One layer after another lit up: the one that is seen at a point is the one that is picked there."""
    settle(scene, "scene.view('side', false)")
    palette = np.zeros((2, 256, 4), np.uint8)
    palette[..., 3] = 255
    palette[:, :, :3] = 0
    palette[:, 255, :3] = 255
    set_palette(scene, palette)
    layer_of = np.repeat(np.arange(len(cnn.layers)), np.diff(cnn.offsets))
    drawn = []
    for layer in range(len(cnn.layers)):
        show(scene, np.where(layer_of == layer, 255, 0).astype(np.uint8))
        drawn.append(pixels(scene)[..., 1] > 150)
    lit = np.sum(drawn, axis=0) == 1
    seen = np.where(lit, np.argmax(drawn, axis=0), -1)
    around = np.lib.stride_tricks.sliding_window_view(seen, (3, 3)).reshape(*(n - 2 for n in seen.shape), 9)
    inside = (
        np.argwhere((around == around[..., 4:5]).all(axis=2) & (around[..., 4] >= 0)) + 1
    )  # not at a border
    points = inside[np.random.default_rng(1).choice(len(inside), 60, replace=False)]
    picked = [scene.evaluate("(at) => scene.under(at)", [float(x) + 0.5, float(y) + 0.5]) for y, x in points]
    assert [None if node is None else layer_of[node] for node in picked] == [seen[y, x] for y, x in points]


def test_hidden_layers_are_neither_drawn_nor_picked(scene: Page, cnn: Network) -> None:
    settle(scene, "scene.setFlat(true, false)")
    where = places(scene)
    hidden = cnn.span("conv1")
    x, y = where[hidden].astype(int).T
    before = pixels(scene)[y, x]
    settle(scene, "scene.setVisibleLayers([true, false, true, true, true, true, true, true])")
    after = pixels(scene)[y, x]
    assert (before != after).any(axis=1).mean() > 0.9
    scene.mouse.move(*where[hidden][10])
    scene.evaluate("rest()")
    assert scene.evaluate("hovers") == []
    label = scene.locator(".vz-layer").nth(1)
    expect(label).to_have_css("opacity", "0")
    scene.mouse.move(2, 2)
    settle(scene, "scene.setVisibleLayers([])")
    np.testing.assert_array_equal(pixels(scene)[y, x], before)


def test_faces_that_are_left_out_are_never_seen(scene: Page, cnn: Network) -> None:
    set_palette(scene, random_palette())
    show(scene, np.arange(cnn.n_nodes, dtype=np.int64).astype(np.uint8))
    left_out = pixels(scene)
    indices = scene.evaluate("scene.parts.cells.faces.count")
    settle(scene, "scene.parts.cells.detail = () => 'full'; scene.invalidate()")
    assert scene.evaluate("scene.parts.cells.faces.count") == cnn.n_nodes * 18 > 1.5 * indices
    assert (pixels(scene) != left_out).any(
        axis=2
    ).mean() < 2e-3  # a hidden edge may win a pixel here and there


def test_a_click_picks_and_a_drag_does_not(scene: Page, cnn: Network) -> None:
    settle(scene, "scene.view('top', false)")
    node = cnn.n_nodes - 3
    x, y = places(scene)[node]
    scene.mouse.click(x, y)
    scene.keyboard.down("Shift")
    scene.mouse.click(x, y)
    scene.keyboard.up("Shift")
    assert scene.evaluate("picks") == [[node, False], [node, True]]
    scene.mouse.move(x, y)
    scene.mouse.down()
    scene.mouse.move(x + 60, y + 20, steps=4)
    scene.mouse.up()
    assert len(scene.evaluate("picks")) == 2
    scene.evaluate("rest()")  # damping comes to an end
    assert abs(places(scene)[node] - [x, y]).max() > 5


def test_a_tap_picks_on_a_touch_screen(browser: Browser, cnn: Network) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 600}, has_touch=True)
    page = context.new_page()
    open_scene(page, scene_document(cnn))
    settle(page, "scene.view('top', false)")
    node = cnn.n_nodes - 4
    x, y = places(page)[node]
    page.touchscreen.tap(x, y)
    page.evaluate("rest()")
    assert page.evaluate("[hovers.at(-1), picks]") == [node, [[node, False]]]
    context.close()


def test_a_hidden_pane_draws_nothing_and_comes_back(scene: Page, cnn: Network) -> None:
    settle(scene, "document.getElementById('pane').style.display = 'none'")
    before = scene.evaluate("scene.frames")
    settle(scene, "scene.setLevels(new Uint8Array(network.size.length).fill(255), 1)")
    assert scene.evaluate("scene.frames") == before
    settle(scene, "document.getElementById('pane').style.display = ''")
    assert scene.evaluate("scene.frames") > before
    x, y = places(scene)[cnn.n_nodes - 1].astype(int)
    assert pixels(scene)[y, x].min() > 150  # the levels that came meanwhile


def test_flattening_ends_at_the_flat_positions(scene: Page, cnn: Network) -> None:
    before = scene.evaluate("scene.frames")
    settle(scene, "scene.setFlat(true)")
    assert scene.evaluate("scene.frames") - before > 3  # it moved there
    flat = load_layout(cnn).flat
    where = places(scene)
    # One scale for both axes, y turned around, some shift.
    scale = (where[-1, 0] - where[0, 0]) / (flat[-1, 0] - flat[0, 0])
    expected = (flat - flat[0]) * [scale, -scale] + where[0]
    np.testing.assert_allclose(where, expected, atol=0.05)
    settle(scene, "scene.setFlat(false, false)")
    assert np.ptp(places(scene)[cnn.span("output"), 1]) < np.ptp(where[:, 1]) / 3


def test_no_motion_for_those_who_want_none(page: Page, cnn: Network) -> None:
    page.emulate_media(reduced_motion="reduce")
    open_scene(page, scene_document(cnn))
    before = page.evaluate("scene.frames")
    settle(page, "scene.setFlat(true)")
    assert page.evaluate("scene.frames") == before + 1


@pytest.mark.parametrize("size", [(1400, 500), (700, 900), (390, 500)])
@pytest.mark.parametrize("flat", [False, True])
def test_every_node_is_in_sight_at_the_start(
    page: Page, cnn: Network, size: tuple[int, int], flat: bool
) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    open_scene(page, scene_document(cnn))
    settle(page, f"scene.setFlat({str(flat).lower()}, false)")
    where = places(page)
    assert (where > 0).all()
    assert (where < size).all()
    page.set_viewport_size({"width": size[0] // 2 + 150, "height": size[1]})  # and after the pane has changed
    page.evaluate("rest()")
    assert (places(page)[:, 0] < size[0] // 2 + 150).all()


def test_the_labels_name_layers_and_digits(scene: Page, cnn: Network) -> None:
    expect(scene.locator(".vz-layer")).to_have_count(len(cnn.layers))
    expect(scene.locator(".vz-layer").nth(3)).to_contain_text("16 × 10×10")
    assert scene.locator(".vz-output").all_inner_texts() == list("0123456789")
    boxes = [scene.locator(".vz-layer").nth(i).bounding_box() for i in range(len(cnn.layers))]
    for i, a in enumerate(boxes):
        for b in boxes[:i]:
            assert a is not None
            assert b is not None
            apart = a["y"] >= b["y"] + b["height"] - 2 or b["y"] >= a["y"] + a["height"] - 2
            assert apart or a["x"] >= b["x"] + b["width"] or b["x"] >= a["x"] + a["width"]


def test_the_keyboard_turns_zooms_and_resets(scene: Page) -> None:
    start = places(scene)
    scene.get_by_role("application").focus()
    for key in ("ArrowLeft", "Shift+ArrowUp", "+"):
        before = places(scene)
        scene.keyboard.press(key)
        scene.evaluate("rest()")
        assert np.abs(places(scene) - before).max() > 5
    scene.keyboard.press("Home")
    scene.evaluate("rest()")
    np.testing.assert_allclose(places(scene), start, atol=0.01)


def test_edges_of_the_hovered_node_are_drawn_by_sign(scene: Page, cnn: Network) -> None:
    settle(scene, "scene.setFlat(true, false)")
    source, target = (
        16,
        int(cnn.span("conv1").start) + 27 * 28 + 14,
    )  # the line's middle is between the layers
    where = places(scene)
    middle = (where[source] + where[target]) / 2
    for value, strong, weak in ((2.0, 0, 2), (-2.0, 2, 0)):  # red, then blue
        script = (
            f"scene.setHover({target}, {{nodes: Uint32Array.of({source}), values: Float32Array.of({value})}})"
        )
        settle(scene, script)
        x, y = middle.astype(int)
        patch = pixels(scene)[y - 2 : y + 3, x - 2 : x + 3].reshape(-1, 3).astype(int)
        assert (patch[:, strong] - patch[:, weak]).max() > 60
    settle(scene, "scene.setVisibleLayers([false], false)")  # an edge goes with either of its ends
    patch = pixels(scene)[y - 2 : y + 3, x - 2 : x + 3].reshape(-1, 3).astype(int)
    assert np.ptp(patch, axis=0).max() < 20


def test_many_edges_at_once(scene: Page, cnn: Network) -> None:
    settle(scene, "scene.setFlat(true, false)")
    source, target = int(cnn.span("pool1").start), int(cnn.span("conv2").stop) - 1
    where = places(scene)
    x, y = ((where[source] + where[target]) / 2).astype(int)
    before = pixels(scene)
    scene.evaluate(
        """([source, target]) => {
          const green = new Uint8Array(80000).map((_, i) => [0, 200, 0, 255][i & 3]);
          scene.setEdges(new Uint32Array(20000).fill(source), new Uint32Array(20000).fill(target), green);
        }""",
        [source, target],
    )
    scene.evaluate("rest()")
    near = (slice(y - 2, y + 3), slice(x - 2, x + 3))
    assert (pixels(scene)[near] == [0, 200, 0]).all(axis=2).any()
    settle(scene, "scene.setEdges(new Uint32Array(0), new Uint32Array(0), new Uint8Array(0))")
    np.testing.assert_array_equal(pixels(scene), before)


def test_selected_nodes_are_outlined(scene: Page, cnn: Network) -> None:
    settle(scene, "scene.setFlat(true, false)")
    node = cnn.n_nodes - 5
    others = pixels(scene)
    settle(scene, f"scene.setSelection(Uint32Array.of({node}), {node})")
    changed = np.argwhere((pixels(scene) != others).any(axis=2))
    (x, y) = places(scene)[node]
    assert len(changed) > 20
    assert np.abs(changed - [y, x]).max() < np.abs(places(scene)[node - 1, 0] - x)
    settle(scene, "scene.setSelection(new Uint32Array(0), null)")
    np.testing.assert_array_equal(pixels(scene), others)


def test_a_lost_context_says_so_and_comes_back_as_it_was(scene: Page, cnn: Network) -> None:
    set_palette(scene, random_palette())
    show(scene, np.arange(cnn.n_nodes, dtype=np.int64).astype(np.uint8))
    before = pixels(scene)
    scene.evaluate("window.loss = scene.canvas.getContext('webgl2').getExtension('WEBGL_lose_context')")
    scene.evaluate("loss.loseContext()")
    expect(scene.get_by_role("status")).to_contain_text("paused")
    scene.evaluate("scene.setLevels(new Uint8Array(network.size.length))")  # what arrives meanwhile counts
    scene.evaluate("new Promise(requestAnimationFrame)")
    scene.evaluate("loss.restoreContext()")
    expect(scene.get_by_role("status")).to_have_text("")
    scene.evaluate("rest()")
    assert (pixels(scene) != before).any()
    show(scene, np.arange(cnn.n_nodes, dtype=np.int64).astype(np.uint8))
    np.testing.assert_array_equal(pixels(scene), before)


def test_another_network_takes_the_place_of_the_first(scene: Page, cnn: Network) -> None:
    mlp = network("mlp")
    scene.evaluate(
        """(next) => { for (const key of ["positions", "flat", "size", "flatSize"])
          next[key] = new Float32Array(bytes(next[key]).buffer);
          window.network = next; scene.setNetwork(next); }""",
        scene_document(mlp),
    )
    scene.evaluate("rest()")
    expect(scene.locator(".vz-layer")).to_have_count(len(mlp.layers))
    assert len(places(scene)) == mlp.n_nodes
    show(scene, np.zeros(mlp.n_nodes, np.uint8))
    with pytest.raises(Exception, match=f"{cnn.n_nodes} levels for {mlp.n_nodes} nodes"):
        show(scene, np.zeros(cnn.n_nodes, np.uint8))


def test_dispose_leaves_nothing_behind(scene: Page) -> None:
    scene.evaluate("scene.dispose()")
    assert scene.evaluate("document.getElementById('pane').childElementCount") == 0
    before = scene.evaluate("scene.frames")
    scene.set_viewport_size({"width": 800, "height": 600})
    scene.mouse.move(300, 300)
    scene.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    assert scene.evaluate("scene.frames") == before


def test_without_webgl_the_error_has_a_name(page: Page) -> None:
    page.add_init_script("HTMLCanvasElement.prototype.getContext = () => null")
    open_scene(page, None)
    name = page.evaluate("""() => {
      try { new NetworkScene(document.body); } catch (error) { return [error.name, error.message]; }
    }""")
    assert name[0] == "WebGLMissingError"
    assert "WebGL 2" in name[1]
    assert page.locator("canvas").count() == 0
