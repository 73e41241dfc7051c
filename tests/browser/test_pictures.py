"""Pictures to take away: PNG files with the right pixels, SVG files that are what is to be seen."""

from __future__ import annotations

import io
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from driver import SEVEN, Driver
from numpy.typing import NDArray
from PIL import Image
from playwright.sync_api import Page, expect
from served import Served

from vizapp import nets
from vizapp.nets.layout import load_layout
from vizapp.views.colours import palettes
from vizapp.views.levels import levels

PANES = {
    "pad": "the drawing",
    "seen": "what the network sees",
    "flat": "the flat plot",
    "scene": "the 3D scene",
    "inspector": "the inspector",
}
CELL_PIXELS = """(places) => {
  const plot = Bokeh.documents[0].get_model_by_name("vizapp-flat");
  const view = Bokeh.index.find_one(plot) ?? null;
  const { x_scale, y_scale, bbox } = view.frame;
  const canvas = view.canvas_view.primary.canvas;
  const context = canvas.getContext("2d");
  const ratio = canvas.width / view.canvas_view.bbox.width;
  return places.map(([x, y]) => {
    const [sx, sy] = [x_scale.compute(x), y_scale.compute(y)];
    if (sx < bbox.left + 4 || sx > bbox.right - 4 || sy < bbox.top + 4 || sy > bbox.bottom - 4) return null;
    return [...context.getImageData(Math.floor(sx * ratio), Math.floor(sy * ratio), 1, 1).data].slice(0, 3);
  });
}"""
RANGE = "(({ x_range }) => x_range.end - x_range.start)(Bokeh.documents[0].get_model_by_name('vizapp-flat'))"
SVG = "{http://www.w3.org/2000/svg}"


def take(page: Page, pane: str, kind: str) -> tuple[str, bytes]:
    """Name and content of the file that the browser saves."""
    page.locator(f'summary[aria-label="Picture of {PANES[pane]}"]').click()
    with page.expect_download() as download:
        page.get_by_title(f"Save a picture of {PANES[pane]} as {kind}").click()
    path = download.value.path()
    return download.value.suggested_filename, Path(path).read_bytes()


def pixels(page: Page, pane: str) -> NDArray[np.uint8]:
    name, content = take(page, pane, "PNG")
    assert name.endswith(".png")
    assert content.startswith(b"\x89PNG\r\n\x1a\n")
    return np.asarray(Image.open(io.BytesIO(content)).convert("RGB"))


def vectors(page: Page, pane: str) -> ElementTree.Element:
    name, content = take(page, pane, "SVG")
    assert name.endswith(".svg")
    assert len(content) < 4_000_000
    text = content.decode()
    root = ElementTree.fromstring(text)
    assert root.tag == f"{SVG}svg"
    tags = {element.tag.split("}")[-1].lower() for element in root.iter()}
    assert "script" not in tags
    names = {attribute.lower() for element in root.iter() for attribute in element.attrib}
    assert not [attribute for attribute in names if attribute.startswith("on")]
    # Nothing is loaded from anywhere.
    links = [
        value for e in root.iter() for key, value in e.attrib.items() if key.split("}")[-1] in ("href", "src")
    ]
    assert [link for link in links if not link.startswith(("data:", "#"))] == []
    assert root.find(f"{SVG}title") is not None
    return root


def texts(root: ElementTree.Element) -> list[str]:
    return [text.strip() for text in root.itertext() if text.strip()]


def colours(image: NDArray[np.uint8]) -> int:
    return len(np.unique(image.reshape(-1, 3), axis=0))


def size(page: Page, selector: str) -> tuple[int, int]:
    box = page.locator(selector).first.bounding_box()
    assert box is not None
    return round(box["width"]), round(box["height"])


def test_the_drawing(page: Page, server: Served) -> None:
    driver = Driver(page).open(server.url)
    driver.press("Clear")
    driver.draw([(0.1, 0.5), (0.9, 0.5)])
    driver.button("Eraser").click()
    driver.draw([(0.5, 0.3), (0.5, 0.7)])
    driver.button("Pen").click()
    driver.draw([(0.3, 0.1), (0.3, 0.9)])
    root = vectors(page, "pad")
    strokes = [path for path in root.iter(f"{SVG}path") if path not in list(root.iter(f"{SVG}mask"))]
    assert len(strokes) == 3
    [mask] = root.iter(f"{SVG}mask")
    assert len(list(mask.iter(f"{SVG}path"))) == 1
    assert root.find(f".//{SVG}g[@stroke-linecap='round']") is not None
    image = pixels(page, "pad")
    assert image.shape == (616, 616, 3)

    def dark(x: float, y: float) -> bool:
        return bool(image[round(616 * y), round(616 * x)].mean() < 128)

    # Ink where there is ink; what was rubbed out is paper; ink over that is ink again.
    assert [dark(0.2, 0.5), dark(0.5, 0.5), dark(0.8, 0.5)] == [True, False, True]
    assert [dark(0.3, 0.2), dark(0.3, 0.5), dark(0.9, 0.9)] == [True, True, False]


def test_what_the_network_sees(page: Page, server: Served) -> None:
    driver = Driver(page).open(server.url)
    image = pixels(page, "seen")
    assert image.shape == (560, 560, 3)
    # A square of one colour for each pixel of the canvas on the page.
    shown = driver.seen.evaluate("(c) => Array.from(c.getContext('2d').getImageData(0, 0, 28, 28).data)")
    expected = np.array(shown, np.uint8).reshape(28, 28, 4)[..., :3]
    assert np.abs(image[10::20, 10::20].astype(int) - expected).max() <= 1
    root = vectors(page, "seen")
    squares = [e for e in root.iter(f"{SVG}rect") if e.get("width") == "10"]
    assert len(squares) == 28 * 28
    assert [e.get("fill") for e in squares] == ["#" + rgb.tobytes().hex() for rgb in expected.reshape(-1, 3)]


def test_the_flat_plot(page: Page, server: Served) -> None:
    driver = Driver(page).open(server.url)
    width, height = size(page, ".v-flat .bk-Canvas")
    image = pixels(page, "flat")
    # Bokeh has whole pixels only.
    assert image.shape[:2] == pytest.approx((2 * height, 2 * width), abs=2)
    assert colours(image) > 200
    root = vectors(page, "flat")
    assert {"input", "conv1", "fc2", "output", "7"} <= set(texts(root))
    # The raster of the edges, and every map and layer.
    assert len(list(root.iter(f"{SVG}image"))) >= 1 + 1 + 6 + 6 + 16 + 16
    # What is selected, and pointed at, is in it.
    before = len(list(root.iter(f"{SVG}path")))
    node = nets.load("cnn").span("fc2").start + 40
    page.mouse.click(*driver.flat_place(node))
    expect(page.get_by_test_id("inspector")).to_have_attribute("data-node", str(node))
    assert len(list(vectors(page, "flat").iter(f"{SVG}path"))) > before


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_cell_is_painted_in_the_colour_of_its_level(page: Page, server: Served, theme: str) -> None:
    page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
    driver = Driver(page).open(server.url)
    driver.draw(SEVEN)
    driver.check_answer()
    network = nets.load("cnn")
    nodes = np.arange(network.n_nodes)[network.span("conv2")]
    layout = load_layout(network)
    # So near that each cell has several pixels.
    page.mouse.move(*driver.flat_place(int(nodes[355])))
    page.mouse.wheel(0, -400)
    page.mouse.wheel(0, -400)
    driver.until(lambda: page.evaluate(RANGE) < 40, "it is near")
    painted = page.evaluate(CELL_PIXELS, layout.flat[nodes].tolist())
    seen = [int(node) for node, colour in zip(nodes, painted, strict=True) if colour is not None]
    assert len(seen) > 100
    shown = levels(network, layout, driver.trace(), "layer").bytes[seen]
    assert len(np.unique(shown)) > 10
    expected = palettes()[theme].reshape(2, 256, 4)[0, shown, :3]
    found = np.array([colour for colour in painted if colour is not None])
    np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize("network", ["cnn", "mlp"])
def test_the_scene_as_vectors(page: Page, server: Served, network: str) -> None:
    driver = Driver(page).open(server.url)
    driver.choose("Network", network)
    net = nets.load(network)
    expect(page.locator(".v-scene .vz-layer")).to_have_count(len(net.layers))
    driver.until(lambda: painted(page), "the scene shows it")
    root = vectors(page, "scene")
    assert len(nodes(root)) == net.n_nodes
    for group in nodes(root):
        faces = list(group.iter(f"{SVG}path"))
        assert 1 <= len(faces) <= 3
        assert all((face.get("d") or "").endswith("z") for face in faces)
    lines = [e for g in root.iter(f"{SVG}g") if g.get("class") == "edges" for e in g.iter(f"{SVG}path")]
    assert len(lines) > 100
    assert {*"0123456789", *(layer.name for layer in net.layers)} <= set(texts(root))
    # Hidden layers are not in it.
    hidden = net.layers[1].name
    page.locator("summary", has_text="Layers").click()
    page.get_by_role("checkbox", name=hidden).uncheck()
    page.keyboard.press("Escape")
    shown = net.n_nodes - net.layers[1].n_nodes
    driver.until(lambda: len(nodes(vectors(page, "scene"))) == shown, "its nodes are gone")


def nodes(root: ElementTree.Element) -> list[ElementTree.Element]:
    return [group for group in root.iter(f"{SVG}g") if group.get("class") == "node"]


def painted(page: Page) -> bool:
    return bool(page.locator(".v-scene .stage").get_attribute("data-edges"))


def test_the_scene_as_pixels(page: Page, server: Served) -> None:
    driver = Driver(page).open(server.url)
    driver.until(lambda: painted(page), "the edges are in it")
    width, height = size(page, ".v-scene .stage")
    image = pixels(page, "scene")
    assert image.shape == (2 * height, 2 * width, 3)
    assert colours(image) > 500
    # The canvas on the page is as it was.
    assert page.locator(".v-scene canvas").first.evaluate("(c) => [c.width, c.height]") == [width, height]
    # Labels are painted in: where the word for the output stands there is ink.
    label = page.locator(".vz-layer", has_text="output").bounding_box()
    pane = page.locator(".v-scene").bounding_box()
    assert label is not None
    assert pane is not None
    left, top = 2 * (label["x"] - pane["x"]), 2 * (label["y"] - pane["y"])
    part = image[
        round(top) : round(top + 2 * label["height"]), round(left) : round(left + 2 * label["width"])
    ]
    assert part.min() < 80


def test_the_inspector(page: Page, server: Served) -> None:
    driver = Driver(page).open(server.url)
    node = nets.load("cnn").span("conv2").start + 612
    page.mouse.click(*driver.flat_place(node))
    expect(page.get_by_test_id("inspector")).to_have_attribute("data-node", str(node))
    root = vectors(page, "inspector")
    assert root.find(f"{SVG}foreignObject") is not None
    assert nets.load("cnn").node_name(node) in " ".join(texts(root))
    # Canvases have become images.
    tags = [element.tag.split("}")[-1] for element in root.iter()]
    assert "canvas" not in tags
    assert "img" in tags
    image = pixels(page, "inspector")
    assert image.shape[1] >= 500
    assert colours(image) > 100


def test_pictures_are_in_the_theme_of_the_page(page: Page, server: Served) -> None:
    Driver(page).open(server.url)
    page.get_by_role("button", name="Theme").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    for pane in ("pad", "flat", "scene"):
        assert pixels(page, pane)[4, 4].max() < 60


def test_pictures_are_taken_on_a_phone(page: Page, server: Served) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    Driver(page).open(server.url)
    for pane in ("flat", "scene", "inspector"):
        page.locator(f".views [data-view={pane}]").click()
        expect(page.locator(f"#{pane}")).to_be_visible()
        assert pixels(page, pane).shape[1] > 300
