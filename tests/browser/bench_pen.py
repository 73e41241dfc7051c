"""From pen to pixels in the Chromium at hand: `python tests/browser/bench_pen.py [--rounds N] [--url URL]`.

Draws digits on the real page at a hand's pace, as pointer events that do not wait for the page, and prints one
JSON object: median and 95th percentile in ms of the page's own measures, frame times while the camera moves,
load to interactive, and bytes. Without --url it starts its own `vizapp serve`. Meant for a quiet machine.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import sys
import tempfile
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from chromium import PLAIN_FLAGS, find
from numpy.typing import NDArray
from playwright.async_api import Browser, CDPSession, Page, async_playwright

sys.path.insert(0, str(Path(__file__).parents[1]))
from hand import moved
from served import Served

RATE = 100
"""Pointer events per second: mice report 60 to 125, pens 120 and more."""
PAUSE = 0.25
"""Seconds between two strokes."""
ORBIT_SECONDS = 3.0

# Digits as a hand draws them: strokes through these points, x to the right, y down.
DIGITS: dict[str, list[list[tuple[float, float]]]] = {
    "2": [
        [
            (0.3, 0.3),
            (0.42, 0.17),
            (0.62, 0.2),
            (0.63, 0.4),
            (0.45, 0.62),
            (0.28, 0.8),
            (0.5, 0.79),
            (0.74, 0.81),
        ]
    ],
    "3": [[(0.3, 0.2), (0.52, 0.15), (0.64, 0.28), (0.46, 0.46), (0.66, 0.6), (0.58, 0.8), (0.3, 0.8)]],
    "5": [
        [(0.4, 0.2), (0.35, 0.46), (0.55, 0.42), (0.68, 0.6), (0.55, 0.8), (0.3, 0.78)],
        [(0.4, 0.2), (0.68, 0.19)],
    ],
    "7": [[(0.26, 0.22), (0.5, 0.2), (0.73, 0.22), (0.55, 0.5), (0.43, 0.84)], [(0.36, 0.53), (0.66, 0.51)]],
    "8": [
        [
            (0.6, 0.25),
            (0.45, 0.15),
            (0.36, 0.3),
            (0.5, 0.46),
            (0.66, 0.65),
            (0.5, 0.83),
            (0.35, 0.68),
            (0.48, 0.48),
        ],
        [(0.48, 0.48), (0.62, 0.34), (0.58, 0.22)],
    ],
}


def path(knots: list[tuple[float, float]]) -> NDArray[np.float64]:
    """A Catmull-Rom curve through the knots, at the places where a hand is at each event: slow at both ends."""
    k = np.array([knots[0], *knots, knots[-1]])
    t = np.linspace(0, 1, 40, endpoint=False)[:, None]
    parts = [
        0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)
        for a, b, c, d in zip(k, k[1:], k[2:], k[3:], strict=False)
    ]
    curve = np.concatenate([*parts, k[-1:]])
    return moved(curve, RATE)


Measure = Callable[[str, int], Coroutine[Any, Any, dict[str, Any]]]
"""What measures the page at a URL in so many rounds."""


class Hand:
    """Pointer events at their own pace: a hand does not wait for the page."""

    def __init__(self, session: CDPSession) -> None:
        self.session = session
        self.sent: list[asyncio.Task[Any]] = []
        self.next = 0.0

    async def point(self, kind: str, x: float, y: float, pressed: bool) -> None:
        loop = asyncio.get_running_loop()
        self.next = max(self.next + 1 / RATE, loop.time())
        await asyncio.sleep(self.next - loop.time())
        event = {
            "type": kind,
            "x": x,
            "y": y,
            "button": "left" if pressed else "none",
            "buttons": int(pressed),
        }
        if kind != "mouseMoved":
            event["clickCount"] = 1
        message: Coroutine[Any, Any, Any] = self.session.send("Input.dispatchMouseEvent", event)
        self.sent.append(asyncio.create_task(message))

    async def lift(self) -> None:
        await asyncio.gather(*self.sent)
        self.sent.clear()

    async def draw(self, points: NDArray[np.float64]) -> None:
        await self.point("mouseMoved", *points[0], False)
        await self.point("mousePressed", *points[0], True)
        for x, y in points[1:]:
            await self.point("mouseMoved", float(x), float(y), True)
        await self.point("mouseReleased", *points[-1], True)
        await self.lift()
        await asyncio.sleep(PAUSE)


def summary(times: list[float]) -> dict[str, float]:
    if not times:
        return {"n": 0}
    ordered = sorted(times)
    p95 = ordered[min(len(ordered) - 1, round(0.95 * len(ordered)))]
    return {"median": round(statistics.median(ordered), 1), "p95": round(p95, 1), "n": len(ordered)}


MEASURES = """() => Object.fromEntries(["answer", "flat", "scene"].map((pane) =>
  [pane, performance.getEntriesByName(`vizapp:pen-to-${pane}`).map((m) => m.duration)]))"""

FRAMES = """(seconds) => new Promise((done) => {
  const times = [], start = performance.now();
  let last = 0;
  const frame = (now) => {
    if (last) times.push(now - last);
    last = now;
    if (performance.now() - start < 1000 * seconds) requestAnimationFrame(frame); else done(times);
  };
  requestAnimationFrame(frame);
})"""

INTERACTIVE = """() => new Promise((done) => {
  const find = (root, selector) => {
    const below = [...root.querySelectorAll("*")].filter((element) => element.shadowRoot);
    return root.querySelector(selector) ?? below.map((e) => find(e.shadowRoot, selector)).find(Boolean);
  };
  const look = () => {
    const answered = /\\d/.test(find(document, ".v-answer .first")?.textContent ?? "");
    const cells = window.Bokeh?.documents[0]?.get_model_by_name("vizapp-cells")?.data?.image;
    if (answered && cells?.length && find(document, ".vz-layer")) done(performance.now());
    else requestAnimationFrame(look);
  };
  look();
})"""


async def load(browser: Browser, url: str) -> tuple[Page, dict[str, float]]:
    """Open the page cold; time from navigation until it answers and both views are there, and bytes."""
    page = await (
        await browser.new_context(bypass_csp=True, viewport={"width": 1440, "height": 900})
    ).new_page()
    session = await page.context.new_cdp_session(page)
    await session.send("Network.enable")
    sizes = {"files": 0, "websocket": 0}

    def finished(event: dict[str, Any]) -> None:
        sizes["files"] += int(event["encodedDataLength"])

    def framed(event: dict[str, Any]) -> None:
        # As sent, before the websocket's own compression.
        sizes["websocket"] += len(event["response"]["payloadData"])

    session.on("Network.loadingFinished", finished)
    session.on("Network.webSocketFrameReceived", framed)
    await page.goto(url, wait_until="commit")
    interactive = await page.evaluate(INTERACTIVE)
    return page, {"interactive_ms": round(interactive), **{f"{k}_bytes": v for k, v in sizes.items()}}


async def place(page: Page, selector: str) -> tuple[float, float, float, float]:
    box = await page.locator(selector).bounding_box()
    assert box is not None
    return box["x"], box["y"], box["width"], box["height"]


async def pen(page: Page, hand: Hand, rounds: int) -> dict[str, dict[str, float]]:
    x, y, width, height = await place(page, ".pad-figure")
    for turn in range(rounds + 1):
        if turn == 1:
            # The first round warms the caches of both sides.
            await page.evaluate("performance.clearMeasures()")
        for strokes in DIGITS.values():
            await page.keyboard.press("Delete")
            for knots in strokes:
                await hand.draw(path(knots) * (width, height) + (x, y))
    return {name: summary(times) for name, times in (await page.evaluate(MEASURES)).items()}


async def orbit(page: Page, hand: Hand) -> dict[str, float]:
    """Frame times while the camera is dragged to and fro."""
    x, y, width, height = await place(page, ".v-scene [role=application]")
    centre = x + width / 2, y + height / 2
    await hand.point("mouseMoved", *centre, False)
    await hand.point("mousePressed", *centre, True)
    frames = asyncio.create_task(page.evaluate(FRAMES, ORBIT_SECONDS))
    for i in range(round((ORBIT_SECONDS + 0.3) * RATE)):
        await hand.point("mouseMoved", centre[0] + 0.3 * width * np.sin(i / RATE * 2), centre[1], True)
    await hand.point("mouseReleased", *centre, True)
    await hand.lift()
    return summary(await frames)


async def measure(url: str, rounds: int) -> dict[str, Any]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=find(), args=PLAIN_FLAGS)
        # A server's first page is not what a person waits for.
        page, _ = await load(browser, url)
        await page.context.close()
        page, loading = await load(browser, url)
        hand = Hand(await page.context.new_cdp_session(page))
        result: dict[str, Any] = {"load": loading}
        for name in ("cnn", "mlp"):
            await page.get_by_role("radio", name=name, exact=False).first.click()
            await page.wait_for_function(
                "(name) => window.Bokeh.documents[0].get_model_by_name('vizapp-cells').data.image.length > 0",
                arg=name,
            )
            await asyncio.sleep(2)
            result[name] = {"pen": await pen(page, hand, rounds), "camera_frame": await orbit(page, hand)}
        result["chromium"] = browser.version
        await browser.close()
        return result


@contextmanager
def server(url: str | None) -> Iterator[str]:
    if url:
        yield url
        return
    with tempfile.TemporaryDirectory() as folder, Served(Path(folder) / "log") as served:
        yield served.url


def run(description: str | None, measure: Measure, rounds: int, meaning: str) -> None:
    """The command line of a benchmark of the page."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--rounds", type=int, default=rounds, help=meaning)
    parser.add_argument("--url", help="of a running page; without it a server is started")
    arguments = parser.parse_args()
    with server(arguments.url) as url:
        print(json.dumps(asyncio.run(measure(url, arguments.rounds)), indent=2))


if __name__ == "__main__":
    run(__doc__, measure, 4, "how often each of the five digits is drawn")
