"""Make the documentation's pictures from the real app: `python tools/pictures.py` writes docs/pictures/*.png.

Starts a server, opens the page in Chromium and photographs it with the ambiguous drawing that it opens with. Run it
again, in the development environment, whenever the page looks different.
"""

from __future__ import annotations

import io
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests"), str(ROOT / "tests" / "browser")]

from chromium import FLAGS, find  # noqa: E402
from served import Served  # noqa: E402

PICTURES = ROOT / "docs" / "pictures"
LENSES = ("weight", "contribution", "evidence", "contrast")
PATIENCE_MS = 60_000
SELECTED = "strongest 1 in conv2"
MAX_BYTES = 500_000
STEPS_TO_CROSSING = 25
"""Of the cursor, from the start of the morph to where both digits are as likely."""

EXACT = """() => {
  const source = window.Bokeh?.documents[0]?.get_model_by_name("vizapp-edges");
  const image = source?.data.image[0];
  const find = (root, selector) => {
    const below = [...root.querySelectorAll("*")].filter((element) => element.shadowRoot);
    return root.querySelector(selector) ?? below.map((e) => find(e.shadowRoot, selector)).find(Boolean);
  };
  const flat = find(document, ".v-flat");
  const box = flat && find(flat, ".bk-Canvas")?.getBoundingClientRect();
  return Boolean(box && image && image.length >= 0.9 * Math.round(box.width) * Math.round(box.height));
}"""


def main() -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        Served(Path(folder) / "log") as server,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=find(), args=FLAGS)
        for name, width, height, theme in (
            ("main", 1440, 900, "light"),
            ("main-dark", 1440, 900, "dark"),
            ("phone", 390, 844, "light"),
        ):
            with opened(browser, server.url, width, height, theme) as page:
                if width > 1000:
                    search = page.get_by_role("combobox", name="Find nodes")
                    search.click()
                    search.fill(SELECTED)
                    page.locator(".v-search [role=option]").first.wait_for()
                    search.press("Enter")
                    page.locator('.v-inspector:not([data-node=""])').wait_for()
                    search.fill("")
                    page.keyboard.press("Tab")
                    rest(page)
                save(name, page.screenshot(full_page=width < 800))
        with opened(browser, server.url, 1440, 900, "light") as page:
            morph(page)
            save("morph", page.screenshot())
        with opened(browser, server.url, 1440, 900, "light") as page:
            page.get_by_role("radiogroup", name="Show").get_by_role("radio", name="flat").click()
            rest(page)
            for lens in LENSES:
                radio = page.get_by_role("radiogroup", name="Edges show").get_by_role("radio", name=lens)
                radio.click()
                expect(radio).to_be_checked()
                rest(page)
                save(f"lens-{lens}", page.locator(".v-flat").screenshot())
        browser.close()


def morph(page: Page) -> None:
    """From 1 to 2, where the network cannot tell, and why."""
    page.get_by_role("button", name="Morph 1 → 2").click()
    page.locator(".v-timeline .probability").first.wait_for(state="attached")
    cursor = page.locator(".v-timeline [role=slider]").first
    cursor.focus()
    for _ in range(STEPS_TO_CROSSING):
        cursor.press("ArrowRight")
    page.get_by_role("radiogroup", name="Aside").get_by_role("radio", name="hesitation").click()
    page.get_by_text("Calibrated probability").first.wait_for()
    page.get_by_role("combobox", name="Chart").select_option("deciding nodes")
    page.locator(".v-timeline").get_by_text("Sum").first.wait_for()
    rest(page)


@contextmanager
def opened(browser: Browser, url: str, width: int, height: int, theme: str) -> Iterator[Page]:
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if theme == "dark" else "light",
        reduced_motion="reduce",
        # Playwright evaluates what it waits for, which the page's policy forbids.
        bypass_csp=True,
    )
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    page.goto(url)
    rest(page)
    yield page
    context.close()


def rest(page: Page) -> None:
    """Until the exact picture of the edges is there and nothing has changed on the screen for a while."""
    page.wait_for_function(EXACT, timeout=PATIENCE_MS)
    last = b""
    while (now := page.screenshot()) != last:
        last = now
        page.wait_for_timeout(700)


def save(name: str, png: bytes) -> None:
    """As it is, or in 256 colours where that would be too large."""
    image = Image.open(io.BytesIO(png)).convert("RGB")
    packed = io.BytesIO()
    image.save(packed, "PNG", optimize=True)
    if packed.tell() > MAX_BYTES:
        packed = io.BytesIO()
        image.quantize(256, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE).save(
            packed, "PNG", optimize=True
        )
    path = PICTURES / f"{name}.png"
    path.write_bytes(packed.getvalue())
    print(f"{path.relative_to(ROOT)}: {image.width}×{image.height}, {packed.tell():,} bytes")


if __name__ == "__main__":
    main()
