"""From pen to curve in the Chromium at hand: `python tests/browser/bench_morph.py [--rounds N] [--url URL]`.

Draws over the end of the morph from 1 to 2, by strokes at 64 positions, at a hand's pace; then drags the cursor
along it. Prints one JSON object: median and 95th percentile in ms from a pointer event to the frame that shows its
curve (`vizapp:end-to-curve`), its answer and its flat plot, and from a movement of the cursor to its answer, beside
what the same pen takes without a sweep. Meant for a quiet machine.
"""

from __future__ import annotations

import asyncio
from typing import Any

import numpy as np
from bench_pen import DIGITS, Hand, load, path, place, run, summary
from chromium import PLAIN_FLAGS, find
from playwright.async_api import Page, async_playwright

MEASURES = """() => Object.fromEntries(
  ["end-to-curve", "pen-to-answer", "pen-to-flat", "cursor-to-answer"].map((name) =>
    [name, performance.getEntriesByName(`vizapp:${name}`).map((m) => m.duration)]))"""


async def drawn(page: Page, hand: Hand, rounds: int) -> dict[str, dict[str, float]]:
    """Each digit drawn as often, on an empty pad."""
    x, y, width, height = await place(page, ".pad-figure")
    for turn in range(rounds + 1):
        if turn == 1:
            # The first round warms the caches of both sides.
            await page.evaluate("performance.clearMeasures()")
        for strokes in list(DIGITS.values())[:3]:
            await page.keyboard.press("Delete")
            for knots in strokes:
                await hand.draw(path(knots) * (width, height) + (x, y))
    return await measured(page)


async def dragged(page: Page, hand: Hand, seconds: float = 4) -> dict[str, dict[str, float]]:
    """The cursor to and fro."""
    x, y, width, height = await place(page, ".v-timeline .confidence .plot")
    await page.evaluate("performance.clearMeasures()")
    middle = x + width / 2, y + height / 2
    await hand.point("mouseMoved", *middle, False)
    await hand.point("mousePressed", *middle, True)
    for i in range(round(100 * seconds)):
        await hand.point("mouseMoved", middle[0] + 0.35 * width * float(np.sin(i / 40)), middle[1], True)
    await hand.point("mouseReleased", *middle, True)
    await hand.lift()
    await asyncio.sleep(1)
    return await measured(page)


async def measured(page: Page) -> dict[str, dict[str, float]]:
    return {name: summary(times) for name, times in (await page.evaluate(MEASURES)).items() if times}


async def measure(url: str, rounds: int) -> dict[str, Any]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=find(), args=PLAIN_FLAGS)
        page, _ = await load(browser, url)
        hand = Hand(await page.context.new_cdp_session(page))
        result: dict[str, Any] = {}
        for panes in ("flat", "both"):
            await page.get_by_role("radiogroup", name="Show").get_by_role("radio", name=panes).click()
            await asyncio.sleep(2)
            alone = await drawn(page, hand, rounds)
            await page.get_by_role("button", name="Morph 1 → 2").click()
            await page.locator(".v-timeline .probability").first.wait_for(state="attached")
            await asyncio.sleep(3)
            await page.locator(".v-timeline [role=slider]").press("End")
            await asyncio.sleep(1)
            end = await drawn(page, hand, rounds)
            cursor = await dragged(page, hand)
            result[panes] = {"pen alone": alone, "pen at the end of a morph": end, "cursor": cursor}
            await page.get_by_role("button", name="End the sweep").click()
            await asyncio.sleep(1)
        result["chromium"] = browser.version
        await browser.close()
        return result


if __name__ == "__main__":
    run(__doc__, measure, 2, "how often each of three digits is drawn")
