"""From pen to painted edges in the Chromium at hand: `python tests/browser/bench_edges.py [--rounds N]`.

Starts its own `vizapp serve` and draws digits at a hand's pace, for both networks and two lenses. Prints one JSON
object: median and 95th percentile, in ms, from the pointer event to the painted picture of all edges, and from a
zoom to the coarse and to the exact picture; the bytes that came from the server per update, as they travel (counted
by a relay between page and server, the websocket's compression and all frames included). Meant for a quiet machine.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import socket
import sys
import tempfile
from pathlib import Path
from typing import Any

from bench_pen import DIGITS, MEASURES, Hand, path, place, summary
from chromium import PLAIN_FLAGS, find
from playwright.async_api import Browser, Page, async_playwright

sys.path.insert(0, str(Path(__file__).parents[1]))
from served import Served

LENSES = ("contribution", "contrast")
ZOOMS = 6
# Window, and which views are shown.
WINDOWS = ((1440, 900, "both"), (1440, 900, "flat"), (1920, 1080, "both"), (1920, 1080, "flat"))

ZOOM = """() => new Promise((done) => {
  const find = (root, selector) => {
    const below = [...root.querySelectorAll("*")].filter((element) => element.shadowRoot);
    return root.querySelector(selector) ?? below.map((e) => find(e.shadowRoot, selector)).find(Boolean);
  };
  const source = Bokeh.documents[0].get_model_by_name("vizapp-edges");
  const box = find(find(document, ".v-flat"), ".bk-Canvas").getBoundingClientRect();
  const width = source.data.dw[0];
  const exact = 0.9 * Math.round(box.width) * Math.round(box.height);
  const times = {};
  const start = performance.now();
  const look = () => {
    if (source.data.dw[0] === width || !source.data.image[0]) return;
    times.coarse ??= performance.now() - start;
    if (source.data.image[0].length < exact) return;
    times.exact = performance.now() - start;
    source.change.disconnect(look);
    done(times);
  };
  source.change.connect(look);
  find(document, '[aria-label="Zoom in"]').click();
})"""


class Relay:
    """Passes bytes between pages and the server, and counts what the server says."""

    def __init__(self, port: int) -> None:
        self.server_port = port
        self.received = 0

    async def __aenter__(self) -> Relay:
        self._listener = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port: int = self._listener.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._listener.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        from_server, to_server = await asyncio.open_connection("127.0.0.1", self.server_port)
        for stream in (writer, to_server):
            stream.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        await asyncio.gather(self._pass(reader, to_server, False), self._pass(from_server, writer, True))

    async def _pass(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter, counted: bool) -> None:
        try:
            while data := await source.read(1 << 16):
                self.received += len(data) if counted else 0
                sink.write(data)
                await sink.drain()
        except OSError:
            pass
        finally:
            sink.close()


async def choose(page: Page, group: str, option: str) -> None:
    await page.get_by_role("radiogroup", name=group).get_by_role("radio", name=option).click()


async def opened(browser: Browser, url: str, width: int, height: int) -> tuple[Page, Hand]:
    page = await (
        await browser.new_context(bypass_csp=True, viewport={"width": width, "height": height})
    ).new_page()
    await page.goto(url)
    await page.wait_for_function(
        "window.Bokeh?.documents[0]?.get_model_by_name('vizapp-edges')?.data?.image?.length > 0"
    )
    await asyncio.sleep(2)
    return page, Hand(await page.context.new_cdp_session(page))


async def draw(page: Page, hand: Hand, relay: Relay, rounds: int) -> dict[str, Any]:
    """Pen to painted edges, and bytes per update: of the strokes alone, not of the pictures at rest."""
    x, y, width, height = await place(page, ".pad-figure")
    count = "performance.getEntriesByName('vizapp:pen-to-answer').length"
    per_update = []
    for turn in range(rounds + 1):
        if turn == 1:
            await page.evaluate("performance.clearMeasures()")
            per_update.clear()
        for strokes in DIGITS.values():
            await page.keyboard.press("Delete")
            await asyncio.sleep(0.8)
            for knots in strokes:
                points = path(knots) * (width, height) + (x, y)
                before = relay.received, await page.evaluate(count)
                await hand.point("mouseMoved", *points[0], False)
                await hand.point("mousePressed", *points[0], True)
                for at in points[1:]:
                    await hand.point("mouseMoved", float(at[0]), float(at[1]), True)
                updates = await page.evaluate(count) - before[1]
                per_update.append((relay.received - before[0]) / max(1, updates))
                await hand.point("mouseReleased", *points[-1], True)
                await hand.lift()
                await asyncio.sleep(0.5)
    times = await page.evaluate(MEASURES)
    return {"pen_to_edges_ms": summary(times["flat"]), "bytes_per_update": summary(per_update)}


async def zoom(page: Page) -> dict[str, Any]:
    times = []
    for _ in range(ZOOMS):
        times.append(await page.evaluate(ZOOM))
        await asyncio.sleep(1)
    await page.get_by_label("Show the whole network").click()
    await asyncio.sleep(1)
    return {f"zoom_to_{kind}_ms": summary([time[kind] for time in times]) for kind in ("coarse", "exact")}


async def measure(server: Served, relay: Relay, rounds: int) -> dict[str, Any]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=find(), args=PLAIN_FLAGS)
        url = server.url.replace(f":{server.port}", f":{relay.port}")
        result: dict[str, Any] = {"chromium": browser.version}
        page, hand = await opened(browser, url, 1440, 900)
        for name in ("cnn", "mlp"):
            await choose(page, "Network", name)
            result[name] = {}
            for lens in LENSES:
                await choose(page, "Edges show", lens)
                await asyncio.sleep(2)
                result[name][lens] = await draw(page, hand, relay, rounds) | await zoom(page)
        await page.context.close()
        for width, height, panes in WINDOWS:
            page, hand = await opened(browser, url, width, height)
            await choose(page, "Show", panes)
            await asyncio.sleep(2)
            result[f"{width}x{height} {panes}"] = await draw(page, hand, relay, 1)
            await page.context.close()
        await browser.close()
        return result


async def run(rounds: int) -> dict[str, Any]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    async with Relay(port) as relay:
        with tempfile.TemporaryDirectory() as folder:
            arguments = ("--port", str(port), "--allow-websocket-origin", f"127.0.0.1:{relay.port}")
            arguments += ("--allow-websocket-origin", f"localhost:{relay.port}")
            server = Served(Path(folder) / "log", *arguments)
            await asyncio.to_thread(server.__enter__)
            try:
                return await measure(server, relay, rounds)
            finally:
                await asyncio.to_thread(server.close)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=4, help="how often each of the five digits is drawn")
    arguments = parser.parse_args()
    print(json.dumps(asyncio.run(run(arguments.rounds)), indent=2))


if __name__ == "__main__":
    main()
