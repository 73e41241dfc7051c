"""From pointing and clicking to pixels: `python tests/browser/bench_inspect.py [--rounds N] [--url URL]`.

Moves the pointer to nodes of the flat plot and of the scene, clicks them, and selects thousands, on the real page in
the Chromium at hand, as pointer events that do not wait for the page. Prints one JSON object: median and 95th
percentile in ms of the page's own measures, for each network: hover to the node's edges in both views (asked for: a
median of 33), the same with all nodes selected, click to inspector (100), box around conv1 to its outline. Without
--url it starts its own `vizapp serve`. Meant for a quiet machine.
"""

from __future__ import annotations

import asyncio
from typing import Any

import numpy as np
from bench_pen import Hand, load, place, run, summary
from chromium import PLAIN_FLAGS, find
from driver import FRAME
from numpy.typing import NDArray
from playwright.async_api import Page, async_playwright

from vizapp import nets
from vizapp.nets.layout import load_layout

HOVER, CLICK = "vizapp:hover-to-edges", "vizapp:pick-to-inspector"
REST = 0.12
"""Seconds on a node before the pointer goes on."""
LOOK = 0.4
"""Seconds for a click's answer."""

# From the end of the drag to the frame that shows the outline.
SWEPT = """() => new Promise((done) => {
  const find = (root, selector) => {
    const below = [...root.querySelectorAll("*")].filter((element) => element.shadowRoot);
    return root.querySelector(selector) ?? below.map((e) => find(e.shadowRoot, selector)).find(Boolean);
  };
  let start = 0;
  const plot = Bokeh.documents[0].get_model_by_name("vizapp-flat");
  plot.on_event("selectiongeometry", () => (start ||= performance.now()));
  const observer = new MutationObserver(() => {
    observer.disconnect();
    requestAnimationFrame(() => requestAnimationFrame(() => {
      const channel = new MessageChannel();
      channel.port1.onmessage = () => done(performance.now() - start);
      channel.port2.postMessage(null);
    }));
  });
  observer.observe(find(document, ".v-flat"), { attributeFilter: ["data-selected"] });
})"""


async def nodes_on_screen(page: Page, name: str) -> NDArray[np.float64]:
    """Places of all nodes in the flat plot, float64[node, 2]."""
    x, y, width, height, x0, x1, y0, y1 = await page.evaluate(FRAME)
    flat = load_layout(nets.load(name)).flat.astype(np.float64)
    across, up = (flat[:, 0] - x0) / (x1 - x0), (flat[:, 1] - y0) / (y1 - y0)
    return np.stack([x + width * across, y + height * (1 - up)], axis=1)


def some_nodes(name: str, count: int) -> list[int]:
    """As many of every layer but the first, which has no edges."""
    generator, net = np.random.default_rng(7), nets.load(name)
    spans = [net.span(layer.name) for layer in net.layers[1:]]
    picked = [int(generator.integers(span.start, span.stop)) for _ in range(count) for span in spans]
    return [picked[i] for i in generator.permutation(len(picked))]


async def measures(page: Page, name: str) -> list[float]:
    entries = "(name) => performance.getEntriesByName(name).map((m) => m.duration)"
    times: list[float] = await page.evaluate(entries, name)
    await page.evaluate("(name) => performance.clearMeasures(name)", name)
    return times


async def hover(page: Page, hand: Hand, points: NDArray[np.float64]) -> dict[str, float]:
    await measures(page, HOVER)
    for x, y in points:
        await hand.point("mouseMoved", float(x), float(y), False)
        await asyncio.sleep(REST)
    await hand.lift()
    return summary(await measures(page, HOVER))


async def over_the_scene(page: Page, hand: Hand, rounds: int) -> dict[str, float]:
    """To and fro over the scene, as one looks around."""
    x, y, width, height = await place(page, ".v-scene [role=application]")
    share = np.linspace(0.25, 0.75, 12 * rounds)
    wave = 0.5 + 0.35 * np.sin(np.arange(len(share)))
    return await hover(page, hand, np.stack([x + width * share, y + height * wave], axis=1))


async def click(page: Page, hand: Hand, points: NDArray[np.float64]) -> dict[str, float]:
    await measures(page, CLICK)
    for x, y in points.tolist():
        await hand.point("mouseMoved", x, y, False)
        await hand.point("mousePressed", x, y, True)
        await hand.point("mouseReleased", x, y, True)
        await asyncio.sleep(LOOK)
    await hand.lift()
    return summary(await measures(page, CLICK))


async def sweep(page: Page, hand: Hand, points: NDArray[np.float64]) -> dict[str, float]:
    """A box around all of these, from above to below."""
    await page.get_by_role("radio", name="Box").click()
    low, high = points.min(axis=0) - 4, points.max(axis=0) + 4
    times = []
    for _ in range(5):
        done = asyncio.create_task(page.evaluate(SWEPT))
        await asyncio.sleep(LOOK)
        await hand.point("mouseMoved", *low.tolist(), False)
        await hand.point("mousePressed", *low.tolist(), True)
        for x, y in np.linspace(low, high, 12).tolist():
            await hand.point("mouseMoved", x, y, True)
        await hand.point("mouseReleased", *high.tolist(), True)
        await hand.lift()
        times.append(await done)
        await page.keyboard.press("Escape")
        await asyncio.sleep(LOOK)
    await page.get_by_role("radio", name="Pan").click()
    return summary(times)


async def select(page: Page, query: str) -> None:
    await page.keyboard.press("/")
    await page.keyboard.type(query)
    await page.keyboard.press("Enter")
    await asyncio.sleep(2)


async def measure(url: str, rounds: int) -> dict[str, Any]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=find(), args=PLAIN_FLAGS)
        page, _ = await load(browser, url)
        hand = Hand(await page.context.new_cdp_session(page))
        result: dict[str, Any] = {}
        for name in ("cnn", "mlp"):
            await page.get_by_role("radio", name=name, exact=False).first.click()
            await asyncio.sleep(3)
            points = await nodes_on_screen(page, name)
            some = points[some_nodes(name, rounds)]
            await hover(page, hand, some[:10])  # warms the caches of both sides
            figures = {
                "hover": await hover(page, hand, some),
                "hover_in_scene": await over_the_scene(page, hand, rounds),
                "click": await click(page, hand, some),
            }
            if name == "cnn":
                span = nets.load(name).span("conv1")
                figures["box_of_conv1"] = await sweep(page, hand, points[span])
            layers = " and ".join(layer.name for layer in nets.load(name).layers)
            await select(page, layers)
            figures["hover_all_selected"] = await hover(page, hand, some)
            await select(page, "silent")
            figures["hover_silent_selected"] = await hover(page, hand, some)
            result[name] = figures
        result["chromium"] = browser.version
        await browser.close()
        return result


if __name__ == "__main__":
    run(__doc__, measure, 6, "nodes of every layer")
