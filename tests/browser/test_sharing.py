"""Links, files, undo and locks on the real page."""

from __future__ import annotations

import json
import re
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
import pytest
from conftest import Complaints
from driver import ONE, SEVEN, Driver, wait_until
from playwright.sync_api import Browser, Locator, Page, expect
from served import Served

from vizapp.explorer import Drawing, Explorer
from vizapp.inputs import Stroke, reference
from vizapp.state import StateError, dump_state, file_text, load_state, make_link, open_link
from vizapp.state.document import document

FORBID_CLIPBOARD = "Object.defineProperty(navigator, 'clipboard', { value: undefined })"


@pytest.fixture
def driver(page: Page, server: Served) -> Driver:
    return Driver(page).open(server.url)


def fragment(driver: Driver) -> str:
    return urlsplit(driver.page.url).fragment


def shared(driver: Driver) -> str:
    """The fragment once the address bar has come to rest at what was saved last."""

    def at_rest() -> bool:
        kept, linked = Explorer(), Explorer()
        load_state(kept, driver.saved)
        try:
            open_link(linked, fragment(driver))
        except StateError:
            return False
        here, there = document(kept), document(linked)
        drawn = [len(one.pop("drawing")["strokes"]) for one in (here, there)]
        return here == there and drawn[0] == drawn[1]

    driver.until(lambda: driver.saved is not None and at_rest(), "the address says what is saved")
    return fragment(driver)


def dialog(driver: Driver) -> Locator:
    driver.button("Share…").click()
    found = driver.page.get_by_role("dialog", name="Share")
    expect(found.get_by_label("Link", exact=True)).to_have_value(re.compile(r"#v2\."))
    return found


def seven() -> Explorer:
    """Not what a page opens with: a seven for the other network, a lens, two nodes, a reference."""
    explorer = Explorer(network="mlp", drawing=Drawing((Stroke(np.array(SEVEN, np.float32)),)))
    explorer.param.update(lens="evidence", selection=[1191, 3], normalise=False)
    explorer.reference = Drawing(image=reference()[0][7].astype(np.float32) / 255)
    return explorer


def opened(page: Page, url: str, expected: Explorer) -> Driver:
    driver = Driver(page).open(url)
    driver.until(lambda: driver.saved is not None, "the state is kept")
    found = Explorer()
    load_state(found, driver.saved)
    assert found.network == expected.network
    assert found.lens == expected.lens
    assert found.selection == expected.selection
    # A link's drawing gives the same answers, to a percentage point.
    wanted = 100 * expected.trace.probabilities[0]
    driver.until(lambda: np.allclose(driver.percentages(), wanted, atol=1), "the answer is the link's")
    return driver


# The address bar


def test_a_fresh_page_has_a_plain_address(driver: Driver) -> None:
    assert fragment(driver) == ""
    assert driver.saved is None


def test_the_address_follows_at_rest_and_leaves_the_history_alone(driver: Driver) -> None:
    before = driver.page.evaluate("history.length")
    driver.draw(SEVEN)
    first = shared(driver)
    driver.choose("Network", "mlp")
    driver.draw(ONE)
    driver.until(lambda: driver.state["network"] == "mlp", "the network is chosen")
    assert shared(driver) != first
    assert driver.page.evaluate("history.length") == before
    assert first.startswith("v2.")


def test_the_address_opens_the_same_in_another_browser(
    driver: Driver, browser: Browser, server: Served
) -> None:
    driver.draw(SEVEN)
    driver.choose("Network", "mlp")
    driver.until(lambda: driver.state["network"] == "mlp", "the network is chosen")
    link = shared(driver)
    driver.check_answer()
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    other = Driver(context.new_page()).open(f"{server.url}#{link}")
    assert other.network == "mlp"
    assert len(other.lines()) == 1
    assert np.allclose(other.percentages(), driver.percentages(), atol=1)
    # It is a drawing of one's own, which the next stroke goes on with.
    other.draw(ONE)
    assert len(other.strokes) == 2
    context.close()


def test_a_link_with_everything_opens(page: Page, server: Served) -> None:
    expected = seven()
    driver = opened(page, f"{server.url}{make_link(expected)}", expected)
    expect(driver.page.get_by_role("switch", name="Fit and centre")).not_to_be_checked()
    assert driver.state["reference"]["image"]
    assert not driver.button("Undo").is_enabled()


def test_a_reload_keeps_the_exact_drawing_and_not_the_links_simplified_one(driver: Driver) -> None:
    rng = np.random.default_rng(1)
    path = np.cumsum(rng.normal(0, 0.02, (30, 2)), axis=0) + 0.5
    driver.draw([(float(x), float(y)) for x, y in path.clip(0.1, 0.9)])
    shared(driver)
    exact = driver.saved
    driver.page.reload()
    driver.until(lambda: len(driver.lines()) == 1, "the drawing is back")
    # What the server says of it now is what the tab had.
    driver.until(lambda: driver.saved == exact, "nothing was lost")


def test_a_link_wins_over_what_the_tab_has_kept(driver: Driver, server: Served) -> None:
    driver.draw(ONE)
    shared(driver)
    expected = seven()
    driver.page.goto("about:blank")
    opened(driver.page, f"{server.url}{make_link(expected)}", expected)


def test_a_link_pasted_into_the_open_tab_is_opened_and_can_be_undone(driver: Driver) -> None:
    driver.draw(ONE)
    link = make_link(seven())
    driver.page.evaluate("(link) => { location.hash = link }", link)
    driver.until(lambda: driver.state["network"] == "mlp", "the link is opened")
    undo = driver.button("Undo")
    expect(undo).to_have_attribute("title", re.compile("opened link"))
    undo.click()
    driver.until(lambda: driver.state["network"] == "cnn", "it is undone")
    np.testing.assert_allclose(driver.strokes[0][[0, -1]], ONE, atol=0.01)


@pytest.mark.parametrize(
    ("link", "words"),
    [
        ("v1.AAAAAAAA", "damaged"),
        ("v1.", "damaged"),
        ("v7.AAAAAAAA", "newer version"),
        ("v1." + "A" * 9000, "too long"),
    ],
)
def test_a_broken_link_gives_a_message_and_the_default_page(
    page: Page, server: Served, link: str, words: str
) -> None:
    driver = Driver(page).open(f"{server.url}#{link}")
    expect(driver.notices).to_contain_text(words)
    first, second = np.argsort(driver.percentages())[:-3:-1]
    assert {first, second} == {1, 2}
    driver.draw(SEVEN)
    assert len(driver.lines()) == 1
    shared(driver)


def test_a_broken_link_in_the_open_tab_changes_nothing_and_leaves_the_address(driver: Driver) -> None:
    driver.draw(SEVEN)
    link, saved = shared(driver), driver.saved
    driver.page.evaluate("location.hash = 'v1.AAAAAAAA'")
    expect(driver.notices).to_contain_text("damaged")
    driver.until(lambda: fragment(driver) == link, "the address is right again")
    assert driver.saved == saved


def test_an_anchor_is_not_a_link(driver: Driver) -> None:
    driver.page.evaluate("location.hash = 'workspace'")
    driver.draw(SEVEN)
    shared(driver)
    expect(driver.notices).to_have_count(0)


# The dialog


def test_the_link_is_copied_and_says_what_is_in_it(driver: Driver, browser: Browser) -> None:
    driver.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    driver.draw(SEVEN)
    box = dialog(driver)
    expect(box).to_contain_text("drawing of 1 stroke")
    expect(box).to_contain_text(re.compile(r"\d+ characters"))
    box.get_by_role("button", name="Copy link").click()
    expect(box.get_by_role("status")).to_have_text("Link copied.")
    copied = driver.page.evaluate("navigator.clipboard.readText()")
    found = Explorer()
    open_link(found, copied)
    np.testing.assert_allclose(found.drawing.strokes[0].points[[0, -1]], [SEVEN[0], SEVEN[-1]], atol=0.02)
    driver.page.keyboard.press("Escape")
    expect(box).not_to_be_visible()


def test_without_a_clipboard_the_link_is_selected(page: Page, server: Served) -> None:
    page.add_init_script(FORBID_CLIPBOARD)
    driver = Driver(page).open(server.url)
    box = dialog(driver)
    box.get_by_role("button", name="Copy link").click()
    expect(box.get_by_role("status")).to_contain_text("Ctrl+C")
    field = box.get_by_label("Link", exact=True)
    expect(field).to_be_focused()
    assert field.evaluate("(field) => field.selectionEnd - field.selectionStart") == len(field.input_value())


def test_locks_are_for_whoever_opens_the_link(driver: Driver, browser: Browser, server: Served) -> None:
    driver.draw(SEVEN)
    box = dialog(driver)
    field = box.get_by_label("Link", exact=True)
    before = field.input_value()
    box.get_by_role("checkbox", name="The drawing", exact=True).check()
    box.get_by_role("checkbox", name="The network", exact=True).check()
    expect(field).not_to_have_value(before)
    expect(box).to_contain_text("locks: the drawing, the network")
    link = field.input_value()
    box.get_by_role("button", name="Close").click()
    # Not for oneself.
    driver.draw(ONE)
    assert len(driver.strokes) == 2

    context = browser.new_context(viewport={"width": 1440, "height": 900})
    other = Driver(context.new_page()).open(link)
    expect(other.notices).to_contain_text("the drawing, the network")
    for name in ("Pen", "Eraser", "Clear", "Examples…", "Image…"):
        expect(other.button(name)).to_be_disabled()
    expect(other.page.get_by_role("radiogroup", name="Network").get_by_role("radio").first).to_be_disabled()
    lines = other.lines()
    other.page.mouse.move(*other.place(0.3, 0.3))
    other.page.mouse.down()
    other.page.mouse.move(*other.place(0.6, 0.6), steps=4)
    other.page.mouse.up()
    expect(other.notices.last).to_contain_text("cannot be changed here")
    assert other.lines() == lines
    other.choose("Edges show", "count")
    other.until(lambda: other.state["lens"] == "count", "what is not locked can be set")
    # Locks stay with the tab.
    other.page.reload()
    expect(other.button("Clear")).to_be_disabled()
    context.close()


def test_too_much_for_a_link_is_saved_as_a_file(page: Page, server: Served, tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    noise = Explorer(drawing=Drawing(image=rng.random((28, 28), np.float32)))
    noise.reference = Drawing(image=rng.random((28, 28), np.float32))
    driver = Driver(page).open(server.url)
    give(driver, file_text(noise))
    driver.until(lambda: driver.saved is not None and driver.state["reference"], "the file is opened")
    driver.button("Share…").click()
    box = driver.page.get_by_role("dialog", name="Share")
    expect(box).to_contain_text("Too much for a link")
    expect(box.get_by_role("button", name="Copy link")).to_be_disabled()
    driver.until(lambda: fragment(driver) == "", "the address says nothing wrong")
    driver.page.reload()
    driver.until(lambda: driver.saved is not None and driver.state["reference"], "the tab has it")


# Files

GIVE = """([text, name]) => {
  const data = new DataTransfer();
  data.items.add(new File([text], name, { type: "application/json" }));
  document.body.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
}"""


def give(driver: Driver, text: str, name: str = "drawing.json") -> None:
    driver.page.evaluate(GIVE, [text, name])


def test_what_is_saved_can_be_opened_again(driver: Driver, tmp_path: Path) -> None:
    driver.draw(SEVEN)
    driver.choose("Network", "mlp")
    driver.until(lambda: driver.state["network"] == "mlp", "the network is chosen")
    saved = driver.saved
    box = dialog(driver)
    with driver.page.expect_download() as waiting:
        box.get_by_role("button", name="Save…").click()
    download = waiting.value
    assert re.fullmatch(r"vizapp-drawing-[\d-]+\.json", download.suggested_filename)
    path = tmp_path / download.suggested_filename
    download.save_as(path)
    document = json.loads(path.read_text(encoding="utf-8"))
    assert document == json.loads(saved or "")

    box.get_by_role("button", name="Close").click()
    driver.press("Clear")
    driver.choose("Network", "cnn")
    driver.until(lambda: driver.state["network"] == "cnn", "the network is another")
    box = dialog(driver)
    with driver.page.expect_file_chooser() as chooser:
        box.get_by_role("button", name="Open…").click()
    chooser.value.set_files(path)
    expect(box).not_to_be_visible()
    driver.until(lambda: driver.saved == saved, "everything is back")
    expect(driver.button("Undo")).to_have_attribute("title", re.compile("opened file"))
    driver.check_answer()


def test_a_file_dropped_on_the_page_is_opened(driver: Driver) -> None:
    give(driver, file_text(seven()))
    driver.until(lambda: driver.saved is not None and driver.state["network"] == "mlp", "the file is opened")
    assert json.loads(dump_state(seven())) == driver.state


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "not JSON"),
        ('{"version": 99}', "newer version"),
        ('{"strokes": []}', "not a saved drawing"),
        ("x" * 1_000_000, "too large"),
    ],
)
def test_a_bad_file_is_told_and_changes_nothing(driver: Driver, text: str, words: str) -> None:
    driver.draw(SEVEN)
    saved = driver.saved
    give(driver, text)
    expect(driver.notices).to_contain_text(words)
    assert driver.saved == saved
    driver.draw(ONE)


# Undo of everything


def test_whatever_was_changed_last_is_what_ctrl_z_undoes(driver: Driver) -> None:
    driver.draw(SEVEN)
    undo, redo = driver.button("Undo"), driver.button("Redo")
    expect(undo).to_have_attribute("title", "Undo: stroke (Ctrl+Z)")
    driver.choose("Edges show", "evidence")
    expect(undo).to_have_attribute("title", "Undo: lens (Ctrl+Z)")
    driver.choose("Network", "mlp")
    expect(undo).to_have_attribute("title", "Undo: network (Ctrl+Z)")
    driver.page.keyboard.press("Control+z")
    driver.until(lambda: driver.network == "cnn", "the network is back")
    expect(redo).to_have_attribute("title", "Redo: network (Ctrl+Shift+Z)")
    driver.page.keyboard.press("Control+z")
    driver.until(lambda: driver.state["lens"] == "contribution", "the lens is back")
    driver.page.keyboard.press("Control+z")
    driver.until(lambda: driver.state["drawing"]["sample"], "the sample is back")
    expect(undo).to_be_disabled()
    for _ in range(3):
        driver.page.keyboard.press("Control+Shift+z")
    driver.until(lambda: driver.state["network"] == "mlp", "everything is done again")
    assert driver.state["lens"] == "evidence"
    expect(redo).to_be_disabled()
    driver.check_answer()


def test_a_connection_that_breaks_keeps_what_was_opened(
    browser: Browser, complaints: Complaints, tmp_path: Path
) -> None:
    with Served(tmp_path / "log") as first:
        port = str(first.port)
        context = browser.new_context(viewport={"width": 1440, "height": 900})
        driver = opened(context.new_page(), f"{first.url}{make_link(seven())}", seven())
        driver.draw(ONE)
        shared(driver)
        saved = driver.saved
        driver.page.evaluate("window.beforehand = true")
    with Served(tmp_path / "log", "--port", port):
        # The page comes back by itself, with what the tab has and not with the link's.
        wait_until(driver.page, "!window.beforehand && window.Bokeh?.documents.length")
        driver.until(lambda: len(driver.lines()) == 2, "the drawing is back")
        assert driver.saved == saved
    context.close()
