"""The main job in a real Chromium: open, draw, load, reload, switch."""

from __future__ import annotations

import io
import re

import numpy as np
import pytest
from driver import ONE, SEVEN, Driver
from PIL import Image
from playwright.sync_api import Browser, Page, expect
from served import Served

from vizapp.inputs import reference

SEVENS = np.flatnonzero(reference()[1] == 7)


@pytest.fixture
def driver(page: Page, server: Served) -> Driver:
    return Driver(page).open(server.url)


def png(side: int = 28) -> bytes:
    """A seven of the reference set as a file, black on white."""
    digit = Image.fromarray(255 - reference()[0][SEVENS[0]]).resize((side, side), Image.Resampling.BICUBIC)
    file = io.BytesIO()
    digit.save(file, "PNG")
    return file.getvalue()


GIVE = """([type, bytes, name, mime]) => {
  const data = new DataTransfer();
  data.items.add(new File([new Uint8Array(bytes)], name, { type: mime }));
  const event = type === "paste"
    ? new ClipboardEvent("paste", { clipboardData: data, bubbles: true })
    : new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true });
  document.body.dispatchEvent(event);
}"""


# Opening


def test_the_page_opens_alive_between_one_and_two(driver: Driver) -> None:
    first, second = np.argsort(driver.percentages())[:-3:-1]
    assert {first, second} == {1, 2}
    assert abs(sum(driver.percentages()) - 100) < 1
    expect(driver.first).to_have_text(str(first))
    assert driver.lines()
    assert len(set(driver.page.locator(".vz-output").all_inner_texts())) == 10


def test_the_first_stroke_makes_way_for_the_persons_own(driver: Driver) -> None:
    driver.draw(SEVEN)
    assert len(driver.lines()) == len(driver.strokes) == 1
    driver.check_answer()


def test_clear_leaves_an_empty_pad_that_claims_nothing_and_says_what_to_do(driver: Driver) -> None:
    driver.press("Clear")
    expect(driver.first).not_to_have_text(re.compile(r"\d"))
    expect(driver.answer).to_contain_text("pad is empty")
    expect(driver.page.locator(".pad-hint")).to_be_visible()
    expect(driver.page.locator(".pad-hint")).to_contain_text("Draw a digit")
    assert driver.lines() == []
    assert not any("%" in text for text in driver.values.all_inner_texts())


def test_rubbing_everything_out_claims_nothing_either(driver: Driver) -> None:
    driver.draw([(0.5, 0.4), (0.5, 0.6)])
    driver.button("Eraser").click()
    for x in (0.45, 0.5, 0.55):
        driver.draw([(x, 0.25), (x, 0.75)])
    expect(driver.first).not_to_have_text(re.compile(r"\d"))
    expect(driver.page.locator(".pad-hint")).to_be_visible()


# Drawing


def test_the_answer_changes_while_the_pen_is_still_down(driver: Driver) -> None:
    opened, pixels = driver.percentages(), driver.pixels()
    driver.page.mouse.move(*driver.place(0.25, 0.2))
    driver.page.mouse.down()
    driver.page.mouse.move(*driver.place(0.75, 0.2), steps=10)
    driver.until(lambda: driver.percentages() != opened, "the answer changes during the stroke")
    half, seen = driver.percentages(), driver.pixels()
    assert seen != pixels
    driver.page.mouse.move(*driver.place(0.4, 0.85), steps=10)
    driver.until(lambda: driver.percentages() != half, "the answer goes on changing")
    driver.until(lambda: driver.pixels() != seen, "what the network sees goes on changing")
    assert driver.saved is None
    driver.page.mouse.up()
    driver.until(lambda: driver.saved is not None, "the stroke is saved")
    driver.check_answer()


def test_every_way_from_pen_to_pixels_is_measured(driver: Driver) -> None:
    names = [f"vizapp:pen-to-{pane}" for pane in ("answer", "flat", "scene")]
    assert [driver.measures(name) for name in names] == [0, 0, 0]
    driver.draw(SEVEN)
    driver.until(lambda: all(driver.measures(name) for name in names), "all three are measured")
    durations = driver.page.evaluate(
        "performance.getEntriesByType('measure').filter((m) => m.name.startsWith('vizapp:')).map((m) => m.duration)"
    )
    assert all(0 < duration < 60_000 for duration in durations)


# Settings


def test_changing_the_network_keeps_the_drawing(driver: Driver) -> None:
    driver.draw(SEVEN)
    strokes = driver.strokes
    driver.choose("Network", "mlp")
    driver.until(lambda: driver.state["network"] == "mlp", "the network changes")
    driver.check_answer()
    np.testing.assert_array_equal(driver.strokes[0], strokes[0])
    assert len(driver.lines()) == 1
    driver.choose("Network", "cnn")
    driver.until(lambda: driver.state["network"] == "cnn", "and back")
    driver.check_answer()


def test_fit_and_centre_changes_what_the_network_sees(driver: Driver) -> None:
    driver.draw([(0.1, 0.1), (0.3, 0.1), (0.2, 0.35)])
    driver.check_answer()
    fitted = driver.pixels()
    switch = driver.page.get_by_role("switch", name="Fit and centre")
    expect(switch).to_be_checked()
    switch.click()
    driver.until(lambda: driver.pixels() != fitted, "the network sees the drawing as it is")
    assert driver.state["normalise"] is False
    driver.check_answer()
    switch.click()
    driver.until(lambda: driver.pixels() == fitted, "and fitted again")


def test_a_reload_brings_everything_back(driver: Driver) -> None:
    driver.draw(SEVEN)
    driver.draw(ONE)
    driver.choose("Network", "mlp")
    driver.page.get_by_role("switch", name="Fit and centre").click()
    driver.until(lambda: driver.state["normalise"] is False, "the switch is off")
    driver.check_answer()
    before, strokes = driver.percentages(), driver.strokes
    driver.page.reload()
    driver.until(lambda: len(driver.lines()) == 2, "the drawing is back")
    assert driver.network == "mlp"
    expect(driver.page.get_by_role("switch", name="Fit and centre")).not_to_be_checked()
    driver.until(lambda: np.allclose(driver.percentages(), before, atol=0.5), "the answer is back")
    driver.draw([(0.1, 0.1), (0.2, 0.1)])
    assert len(driver.strokes) == 3
    np.testing.assert_allclose(driver.strokes[0], strokes[0], atol=2e-4)


def test_two_sessions_do_not_see_each_other(driver: Driver, browser: Browser, server: Served) -> None:
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    other = Driver(context.new_page()).open(server.url)
    opened = other.percentages()
    driver.draw(SEVEN)
    driver.choose("Network", "mlp")
    driver.check_answer()
    # Its own stroke goes to its own pad and network: what the other did has not reached it.
    assert other.percentages() == opened
    assert other.network == "cnn"
    other.draw(ONE)
    assert len(other.strokes) == 1
    other.check_answer()
    context.close()


# Loading


def test_an_example_of_the_test_set_can_be_loaded(driver: Driver) -> None:
    driver.button("Examples…").click()
    dialog = driver.page.get_by_role("dialog", name="Examples")
    expect(dialog).to_be_visible()
    dialog.get_by_role("button", name="7", exact=True).click()
    thumb = dialog.get_by_role("button", name=re.compile(r"^test image \d+, a 7$")).first
    thumb.click()
    expect(dialog).not_to_be_visible()
    driver.until(
        lambda: driver.saved is not None and driver.state["drawing"]["image"], "the image is on the pad"
    )
    driver.check_answer()
    assert driver.lines() == []
    expect(driver.page.locator(".pad-hint")).not_to_be_visible()


def test_ambiguous_examples_are_found_and_loaded_by_keyboard(driver: Driver) -> None:
    driver.button("Examples…").focus()
    driver.page.keyboard.press("Enter")
    dialog = driver.page.get_by_role("dialog", name="Examples")
    expect(dialog.locator(".thumb").first).to_be_visible()
    dialog.get_by_role("button", name="Hardest test images").focus()
    driver.page.keyboard.press("Enter")
    thumb = dialog.get_by_role("button", name=re.compile(r"^test image")).first
    expect(thumb).to_be_visible()
    thumb.focus()
    driver.page.keyboard.press("Enter")
    expect(dialog).not_to_be_visible()
    driver.until(
        lambda: driver.saved is not None and driver.state["drawing"]["image"], "the image is on the pad"
    )
    driver.check_answer()
    assert max(driver.percentages()) < 75


@pytest.mark.parametrize("way", ["drop", "paste"])
@pytest.mark.parametrize("side", [28, 600])
def test_an_image_can_be_dropped_and_pasted(driver: Driver, way: str, side: int) -> None:
    driver.page.evaluate(GIVE, [way, list(png(side)), "seven.png", "image/png"])
    driver.until(
        lambda: driver.saved is not None and driver.state["drawing"]["image"], "the image is on the pad"
    )
    driver.check_answer()
    expect(driver.first).to_have_text("7")


def test_strokes_are_drawn_over_a_loaded_image(driver: Driver) -> None:
    driver.page.evaluate(GIVE, ["drop", list(png()), "seven.png", "image/png"])
    driver.until(
        lambda: driver.saved is not None and driver.state["drawing"]["image"], "the image is on the pad"
    )
    driver.draw([(0.2, 0.5), (0.8, 0.5)])
    assert driver.state["drawing"]["image"]
    driver.check_answer()


def test_a_bad_image_is_told_in_words_and_the_drawing_is_unharmed(driver: Driver) -> None:
    driver.draw(SEVEN)
    driver.check_answer()
    saved, answer = driver.saved, driver.percentages()
    driver.page.evaluate(GIVE, ["drop", list(b"this is no image"), "note.png", "image/png"])
    expect(driver.notices).to_have_count(1)
    expect(driver.notices).to_contain_text("not an image")
    assert driver.saved == saved
    assert driver.percentages() == answer
    assert driver.lines()[0] > 2
    driver.page.get_by_role("button", name="Dismiss").click()
    expect(driver.notices).to_have_count(0)
    driver.draw(ONE)
    driver.check_answer()
