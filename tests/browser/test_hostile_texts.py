"""HTML and script in every text that comes from outside: shown as text, and nothing runs."""

from __future__ import annotations

import io

import pytest
from driver import Driver
from PIL import Image
from playwright.sync_api import Page, expect
from served import Served

EVIL = "<img src=x onerror='window.hurt=1'><script>window.hurt=2</script>"


@pytest.mark.hosting
def test_what_comes_from_outside_is_text(page: Page, server: Served) -> None:
    page.on("dialog", lambda dialog: pytest.fail(f"a dialog: {dialog.message}"))
    driver = Driver(page).open(server.url)
    # What is searched, and not found.
    driver.page.keyboard.press("/")
    driver.page.keyboard.insert_text(EVIL[:60])
    expect(page.locator(".v-search")).to_be_visible()
    page.keyboard.press("Escape")
    # A file's name, in the list of images to rank.
    picture = io.BytesIO()
    Image.new("L", (28, 28), 200).save(picture, "PNG")
    page.get_by_role("button", name="Robustness…").click()
    dialog = page.get_by_role("dialog", name="Robustness")
    dialog.locator("input[type=file]").first.set_input_files(
        [{"name": f"{EVIL}.png", "mimeType": "image/png", "buffer": picture.getvalue()}]
    )
    expect(dialog.locator(".given > .muted")).to_contain_text("1 image")
    page.keyboard.press("Escape")
    # A link of another's making.
    page.goto(f"{server.url}#v2.{EVIL}")
    expect(driver.notices.first).to_be_visible()
    assert page.evaluate("window.hurt ?? null") is None
    assert page.locator("img[src=x]").count() == 0
