"""Drives the real page as a person does, and knows what it must show: the same strokes through Network.forward."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

import numpy as np
from numpy.typing import NDArray
from playwright.sync_api import Error, Locator, Page, expect

from vizapp import nets
from vizapp.explorer import Explorer
from vizapp.inputs import Stroke
from vizapp.nets.layout import load_layout
from vizapp.nets.trace import Trace
from vizapp.state import load_state

PATIENCE = 60_000
"""Milliseconds for what takes a fraction of a second on a quiet machine."""
expect.set_options(timeout=PATIENCE)

ONE = [(0.5, 0.15), (0.5, 0.85)]
SEVEN = [(0.25, 0.2), (0.75, 0.2), (0.4, 0.85)]
Points = Sequence[tuple[float, float]]


def wait_until(page: Page, condition: str) -> None:
    """Poll an expression, through reloads. Playwright's own way is an eval, which the page's policy forbids."""
    for _ in range(PATIENCE // 50):
        with suppress(Error):
            if page.evaluate(condition):
                return
        page.wait_for_timeout(50)
    raise AssertionError(f"never: {condition}")


class Driver:
    """One person at one page."""

    def __init__(self, page: Page) -> None:
        self.page = page
        page.set_default_timeout(PATIENCE)
        self.pad = page.locator(".pad-figure")
        self.answer = page.locator(".v-answer")
        self.first = page.locator(".v-answer .first")
        self.values = page.locator(".v-answer .value")
        self.seen = page.locator(".v-seen")
        self.readout = page.locator(".v-readout .name")
        self.numbers = page.locator(".v-readout .values")
        self.notices = page.locator(".notice-item")

    def open(self, url: str) -> Driver:
        self.page.goto(url)
        expect(self.first).to_have_text(re.compile(r"\d"))
        # Both views have painted, and nothing is on its way any more.
        self.until(lambda: self.page.evaluate(PAINTED), "both views are painted")
        return self

    def until(self, condition: Callable[[], Any], what: str) -> None:
        """Poll; AssertionError with `what` should it never come true."""
        for _ in range(PATIENCE // 50):
            if condition():
                return
            self.page.wait_for_timeout(50)
        raise AssertionError(f"never: {what}")

    # The pad

    def place(self, x: float, y: float) -> tuple[float, float]:
        """Screen position of a point of the pad's unit square."""
        box = self.pad.bounding_box()
        assert box is not None
        return box["x"] + x * box["width"], box["y"] + y * box["height"]

    def draw(self, points: Points, lift: bool = True) -> None:
        """A stroke with the mouse through `points`; waits for the server to have taken it, if the pen lifts."""
        before = self.saved
        self.page.mouse.move(*self.place(*points[0]))
        self.page.mouse.down()
        for x, y in points[1:]:
            self.page.mouse.move(*self.place(x, y), steps=8)
        if lift:
            self.page.mouse.up()
            self.until(lambda: self.saved != before, "the stroke has arrived")

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True)

    def press(self, name: str) -> None:
        """Press a button that changes the drawing, and wait until it did."""
        before = self.saved
        self.button(name).click()
        self.until(lambda: self.saved != before, f"{name} has an effect")

    def lines(self) -> list[int]:
        """How many points each line on the pad has, as the browser shows it."""
        return self.page.evaluate(
            "Array.from(window.Bokeh?.documents[0]?.get_model_by_name('vizapp-ink')?.data.xs ?? [], (xs) => xs.length)"
        )

    def pixels(self) -> str:
        """What the network sees, as the page shows it."""
        return self.seen.evaluate("(canvas) => canvas.toDataURL()")

    # What the session knows, as it hands it to the page's storage

    @property
    def saved(self) -> str | None:
        return self.page.evaluate("sessionStorage['vizapp:state'] ?? null")

    @property
    def state(self) -> dict[str, Any]:
        assert self.saved is not None
        return json.loads(self.saved)

    @property
    def drawn(self) -> tuple[Stroke, ...]:
        """The strokes as the server has them."""
        return self._restored().drawing.strokes

    @property
    def strokes(self) -> list[NDArray[np.float32]]:
        """The points of each stroke, as the server has them."""
        return [stroke.points for stroke in self.drawn]

    def _restored(self) -> Explorer:
        explorer = Explorer()
        load_state(explorer, self.saved)
        return explorer

    def trace(self) -> Trace:
        """What the network makes of the saved drawing, computed here."""
        return nets.load(self.state["network"]).forward(self._restored().image)

    def percentages(self) -> list[float]:
        """The ten probabilities on the page, in per cent."""
        texts = self.values.all_inner_texts()
        return [float(re.sub(r"[^\d.]", "", text) or "nan") for text in texts]

    def check_answer(self) -> None:
        """The page comes to show what the network makes of the saved drawing."""
        expected = 100 * self.trace().probabilities[0]
        # Saved points are rounded to 1/10,000 of the pad.
        self.until(
            lambda: np.allclose(self.percentages(), expected, atol=0.5),
            f"the answer becomes {expected.round(1)}",
        )
        expect(self.first).to_have_text(str(np.nanargmax(self.percentages())))

    # The views

    def flat_place(self, node: int) -> tuple[float, float]:
        """Screen position of a node in the flat plot, as its ranges are now."""
        x0, y0, width, height, left, right, bottom, top = self.page.evaluate(FRAME)
        x, y = (float(v) for v in load_layout(nets.load(self.network)).flat[node])
        return x0 + width * (x - left) / (right - left), y0 + height * (top - y) / (top - bottom)

    @property
    def network(self) -> str:
        checked = self.page.get_by_role("radiogroup", name="Network").get_by_role("radio", checked=True)
        return checked.inner_text().strip().lower()

    def choose(self, group: str, option: str) -> None:
        radio = self.page.get_by_role("radiogroup", name=group).get_by_role("radio", name=option)
        radio.click()
        expect(radio).to_be_checked()

    def shown_numbers(self) -> list[float]:
        """The numbers that the readout shows."""
        text = self.numbers.inner_text().replace("−", "-")
        return [float(number) for number in re.findall(r"-?\d+\.?\d*(?:e[+-]?\d+)?", text)]

    def outlined(self) -> list[float]:
        """Position, in the layout, of the node that the flat plot outlines."""
        return self.page.evaluate(
            "(() => { const { x, y } = Bokeh.documents[0].get_model_by_name('vizapp-hover-node').data;"
            " return [...Array.from(x), ...Array.from(y)]; })()"
        )

    def outlined_nodes(self) -> set[int]:
        """The nodes inside of the lines that the flat plot draws around the selection.

        From a cell's centre to the left there is an odd number of upright lines if it is inside.
        """
        x, y = self.page.evaluate(
            "(() => { const { x, y } = Bokeh.documents[0].get_model_by_name('vizapp-selection').data;"
            " return [Array.from(x), Array.from(y)].map((values) => values.map((v) => isNaN(v) ? null : v)); })()"
        )
        ends = np.array([x, y], float).T.reshape(-1, 3, 2)[:, :2]
        upright = ends[np.abs(ends[:, 0, 0] - ends[:, 1, 0]) < 1e-9]
        low, high = np.sort(upright[:, :, 1], axis=1).T
        at = upright[:, 0, 0]
        layout, inside = load_layout(nets.load(self.network)), set()
        for block in layout.blocks:
            for node in range(block.first, block.first + block.count):
                px, py = layout.flat[node]
                crossed = (at < px) & (at > block.x - 1e-3) & (low < py) & (py < high)
                if np.count_nonzero(crossed) % 2:
                    inside.add(node)
        return inside

    def measures(self, name: str) -> int:
        return self.page.evaluate("(name) => performance.getEntriesByName(name).length", name)


# Place and size of the flat plot on the screen, to the pixel that Bokeh paints on, and its ranges.
FRAME = """() => {
  const plot = Bokeh.documents[0].get_model_by_name('vizapp-flat');
  const { frame, canvas_view } = Bokeh.index.find_one(plot);
  const { x, y } = canvas_view.events_el.getBoundingClientRect();
  const { left, top, width, height } = frame.bbox;
  return [x + left, y + top, width, height, plot.x_range.start, plot.x_range.end, plot.y_range.start, plot.y_range.end];
}"""

PAINTED = """() => {
  const find = (root, selector) => {
    const below = [...root.querySelectorAll('*')].filter((element) => element.shadowRoot);
    return root.querySelector(selector) ?? below.map((e) => find(e.shadowRoot, selector)).find(Boolean);
  };
  const cells = window.Bokeh?.documents[0]?.get_model_by_name('vizapp-cells')?.data?.image;
  const lit = cells && Array.from(cells).some((image) => Array.from(image).some((level) => level > 0));
  const labels = find(document, '.vz-layer') || find(document, '.v-scene [role=alert]');
  return Boolean(lit && labels);
}"""
