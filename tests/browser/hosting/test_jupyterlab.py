"""The Explorer in a real JupyterLab: drawn on in the browser, asked and told in cells."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator

import numpy as np
import pytest
from book import Book
from driver import ONE, SEVEN
from lab import Lab
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from vizapp import nets
from vizapp.inputs import Stroke, drawing_to_input

pytestmark = pytest.mark.hosting

MAKE = 'import vizapp; explorer = vizapp.Explorer(network="cnn")\nexplorer'
EDGES = """() => Bokeh.documents.map((d) => d.get_model_by_name('vizapp-edges')?.data.image?.[0])
    .filter(Boolean).map((image) => Array.from(image).filter(Boolean).length)"""


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    with Lab(tmp_path_factory.mktemp("lab")) as lab:
        yield lab
    assert "Traceback" not in lab.log


def test_pages_and_cells_say_the_same(page: Page, lab: Lab) -> None:
    book = Book(page, lab, "explorer.ipynb", MAKE)
    book.run(0)
    seen = book.driver(0)
    expect(seen.first).to_have_text("2")
    seen.until(lambda: sum(page.evaluate(EDGES)) > 1000, "edges are drawn")
    before = page.evaluate(EDGES)

    # From the page to the cells.
    seen.button("Clear").click()
    expect(seen.first).to_have_text("–")
    book.draw(0, SEVEN)
    expect(seen.first).to_have_text("7")
    seen.until(lambda: page.evaluate(EDGES) not in ([], before), "edges follow the drawing")
    field = book.cell(0).get_by_role("combobox", name="Find nodes")
    field.fill("conv2 map 7")
    field.press("Enter")
    expect(book.cell(0).locator(".v-inspector")).to_contain_text("conv2")
    told = book.ask(
        "dict(strokes=[s.points for s in explorer.drawing.strokes], image=explorer.image, chosen=explorer.selection,"
        " prediction=explorer.prediction, probabilities=explorer.probabilities.to_dict(),"
        " activation=explorer.trace.activation[0], table=explorer.table().reset_index().to_dict('list'))"
    )
    image = drawing_to_input([Stroke(np.array(points, np.float32)) for points in told["strokes"]])
    trace = nets.load("cnn").forward(image)
    np.testing.assert_allclose(told["image"], image, atol=1e-6)
    np.testing.assert_allclose(told["activation"], trace.activation[0], rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(list(told["probabilities"].values()), trace.probabilities[0], atol=1e-5)
    np.testing.assert_allclose(seen.percentages(), 100 * trace.probabilities[0], atol=0.06)
    assert told["prediction"] == 7
    first = int(nets.load("cnn").offsets[3]) + 6 * 100
    assert told["chosen"] == told["table"]["node"] == list(range(first, first + 100))
    np.testing.assert_allclose(told["table"]["activation"], trace.activation[0, told["chosen"]], rtol=1e-4)

    # From the cells to the page.
    book.say(f"explorer.take([{ONE}])")
    expect(seen.first).to_have_text("1")
    book.say('explorer.network = "mlp"')
    expect(book.cell(0).get_by_role("radio", name="MLP")).to_be_checked()
    assert book.ask("explorer.prediction") == int(seen.first.inner_text())
    digit = "vizapp.inputs.reference()[0][0] / 255"
    book.say(f"import vizapp.inputs\nexplorer.take({digit})")
    expect(seen.first).to_have_text(str(book.ask("explorer.prediction")))
    # What is no drawing is refused in the cell, in a sentence.
    book.say(
        "try:\n    explorer.take('seven')\nexcept Exception as error:\n    refused = type(error).__name__"
    )
    assert book.ask("refused") == "InputError"
    expect(seen.first).to_have_text(str(book.ask("explorer.prediction")))


def test_views_by_themselves_and_several_displays_are_linked(page: Page, lab: Lab) -> None:
    book = Book(
        page, lab, "views.ipynb", MAKE, "import vizapp.views\nvizapp.views.Scene(explorer)", "explorer"
    )
    for number in range(3):
        book.run(number)
    one, other = book.driver(0), book.driver(2)
    expect(other.first).to_have_text("2")
    scene = book.cell(1).locator(".v-scene .stage")
    # Pictures take their time where there is no graphics card: a few are enough.
    shown = shares(scene)
    assert any(share > 0.005 for share in shown), "the scene by itself has no edges"
    other.button("Clear").last.click()
    assert any(share == 0 for share in shares(scene)), "something flows to it from an empty pad"
    book.draw(2, SEVEN)
    for driver in (one, other):
        expect(driver.first).to_have_text("7")
    one.until(lambda: one.percentages() == other.percentages(), "they say the same")
    # Run again, a cell has one display still, and nothing is kept of the one before.
    lines = "len(explorer.param.watchers['network']['value'])"
    before = book.ask(lines)
    book.run(2)
    expect(other.first).to_have_text("7")
    other.until(lambda: book.ask(lines) == before, "the display before is forgotten")


def test_a_display_and_the_notebook_take_their_own_keys(page: Page, lab: Lab) -> None:
    book = Book(page, lab, "keys.ipynb", MAKE, "explorer")
    book.run(0)
    book.run(1)
    for number in (0, 1):
        expect(book.driver(number).first).to_have_text("2")
    book.driver(0).button("Clear").first.click()
    for points in (SEVEN, ONE):
        book.draw(0, points)
    book.driver(0).until(lambda: book.ask("len(explorer.drawing.strokes)") == 2, "both strokes have arrived")
    # In a cell, Ctrl+Z is the cell's own.
    book.cell(2).locator(".cm-content").click()
    page.keyboard.press("Control+z")
    assert book.ask("len(explorer.drawing.strokes)") == 2
    # In a display, it is this display's.
    book.driver(0).pad.locator("[tabindex]").first.focus()
    page.keyboard.press("Control+z")
    book.driver(0).until(lambda: book.ask("len(explorer.drawing.strokes)") == 1, "one stroke is undone")
    # Letters are no commands to the notebook: d d would delete the cell.
    field = book.cell(0).get_by_role("combobox", name="Find nodes")
    field.click()
    page.keyboard.type("dda")
    expect(field).to_have_value("dda")
    expect(page.locator(".jp-Notebook .jp-Cell")).to_have_count(3)


def test_a_kernel_that_is_restarted_or_busy_is_told_of(page: Page, lab: Lab) -> None:
    book = Book(page, lab, "restart.ipynb", MAKE)
    book.run(0)
    driver, said = book.driver(0), book.cell(0).locator(".v-silence")
    expect(driver.first).to_have_text("2")
    expect(said).to_be_empty()
    book.restart()
    expect(said).to_contain_text("The kernel was restarted")
    # What is still there does nothing, and does not complain.
    driver.pad.click(force=True)
    book.run(0)
    expect(driver.first).to_have_text("2")
    driver.button("Clear").click()
    book.draw(0, SEVEN)
    expect(driver.first).to_have_text("7")


def test_a_notebook_that_is_opened_again_says_what_to_do(page: Page, lab: Lab) -> None:
    book = Book(page, lab, "again.ipynb", MAKE)
    book.run(0)
    # A second time: the output that had Bokeh's JavaScript is gone, and comes again.
    book.run(0)
    expect(book.driver(0).first).to_have_text("2")
    still = book.cell(0).locator(".vizapp-still")
    expect(still).to_have_count(0)
    book.save()
    content = lab.read("again.ipynb")
    print(f"one display and BokehJS: {len(json.dumps(content)) / 1e6:.1f} MB in the notebook's file")
    assert (
        sum("application/javascript" in output.get("data", {}) for output in content["cells"][0]["outputs"])
        == 2
    )
    book.end()
    book.open()
    expect(still).to_be_visible()
    expect(still).to_contain_text("CNN says 2 with 46.3 %. To draw here, run the cell")
    expect(book.driver(0).pad).not_to_be_visible()
    book.run(0)
    expect(book.driver(0).first).to_have_text("2")
    expect(still).to_have_count(0)
    # From somebody else, whom JupyterLab does not trust: no script runs.
    content["cells"][0]["source"] += "  # changed"
    (lab.files / "other.ipynb").write_text(json.dumps(content), "utf-8")
    book.name = "other.ipynb"
    book.open()
    expect(still).to_contain_text("CNN says 2 with 46.3 %.")
    assert still.locator("img").evaluate("(image) => image.complete && image.naturalWidth") == 112


def test_ipywidgets_carry_it_too(page: Page, lab: Lab) -> None:
    """As in VS Code, whose displays are ipywidgets by jupyter_bokeh; here it is JupyterLab that shows them."""
    foreign: list[str] = []
    page.on(
        "request", lambda request: foreign.append(request.url) if "//127.0.0.1" not in request.url else None
    )
    book = Book(
        page, lab, "widgets.ipynb", 'import panel\npanel.extension(comms="vscode", inline=True)', MAKE
    )
    book.run(0)
    book.run(1)
    assert "application/vnd.jupyter.widget-view+json" in str(book.saved_outputs(1))
    driver = book.driver(1)
    expect(driver.first).to_have_text("2")
    driver.until(lambda: sum(page.evaluate(EDGES)) > 1000, "edges are drawn")
    driver.button("Clear").click()
    book.draw(1, SEVEN)
    expect(driver.first).to_have_text("7")
    told = book.ask("dict(prediction=explorer.prediction, probabilities=explorer.trace.probabilities[0])")
    assert told["prediction"] == 7
    np.testing.assert_allclose(driver.percentages(), 100 * np.array(told["probabilities"]), atol=0.06)
    book.say(f"explorer.take([{ONE}])")
    expect(driver.first).to_have_text("1")
    assert [url for url in foreign if not re.match("(blob|data):", url)] == []


def test_nothing_sticks_out_of_a_cell(page: Page, lab: Lab) -> None:
    book = Book(page, lab, "wide.ipynb", MAKE)
    book.run(0)
    driver, shown = book.driver(0), book.outputs(0).last
    expect(driver.first).to_have_text("2")
    # With the file browser beside it at the last: a cell of some 330 px.
    for width in (1920, 1440, 1000, 700):
        page.set_viewport_size({"width": width, "height": 900})
        driver.until(
            lambda: shown.evaluate("(e) => e.scrollWidth <= e.clientWidth"), f"nothing is cut off at {width}"
        )
        outside = shown.evaluate(OUTSIDE)
        assert not outside, outside


def shares(scene: Locator) -> Iterator[float]:
    """What is orange of a scene, now and for some seconds."""
    for _ in range(20):
        share = orange(scene.screenshot())
        print(f"{share:.4f} of the scene is orange")
        yield share
        scene.page.wait_for_timeout(500)


def orange(picture: bytes) -> float:
    """The share of pixels in the colour of positive contributions."""
    red, green, blue = np.asarray(Image.open(io.BytesIO(picture)).convert("RGB"), float).reshape(-1, 3).T
    return float(np.mean((red > green + 50) & (green > blue + 20)))


# Texts and controls of the panes that are not inside of the display from left to right.
OUTSIDE = """(output) => {
  const found = [], { left, right } = output.getBoundingClientRect();
  const look = (root) => {
    for (const element of root.querySelectorAll("*")) {
      const box = element.getBoundingClientRect();
      const inside = box.left > left - 1 && box.right < right + 1;
      if (!inside && box.width && element.checkVisibility({ visibilityProperty: true }))
        found.push(`${element.tagName}.${element.className} ${box.left - left} ${box.right - right}`);
      if (element.shadowRoot) look(element.shadowRoot);
    }
  };
  look(output);
  return found.filter((text) => /BUTTON|INPUT|CANVAS|SPAN|SELECT/.test(text));
}"""
