"""A person who selects in any pane, and reads in all others what is selected."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
from driver import Driver
from numpy.typing import NDArray
from playwright.sync_api import Page, expect

from vizapp import nets
from vizapp.explorer import Explorer
from vizapp.nets.layout import Layout, load_layout
from vizapp.nets.network import Network

Points = NDArray[np.float64]


class Selector(Driver):
    def __init__(self, page: Page) -> None:
        super().__init__(page)
        self.flat = page.locator(".v-flat")
        self.plot = page.get_by_role("application", name="Flat plot")
        self.scene = page.get_by_role("application", name="3D view")
        self.stage = page.locator(".stage")
        self.inspector = page.get_by_test_id("inspector")
        self.field = page.get_by_role("combobox", name="Find nodes")
        self.options = page.get_by_role("listbox", name="Found nodes").get_by_role("option")
        self.spoken = page.get_by_test_id("spoken")

    # The network

    @property
    def net(self) -> Network:
        return nets.load(self.network)

    @property
    def layout(self) -> Layout:
        return load_layout(self.net)

    def node(self, layer: str, local: int = 0) -> int:
        return int(self.net.span(layer).start) + local

    def all_of(self, layer: str) -> set[int]:
        span = self.net.span(layer)
        return set(range(span.start, span.stop))

    def map_of(self, layer: str, number: int) -> set[int]:
        span = self.net.span(layer)
        grid = np.arange(span.start, span.stop).reshape(self.net.layer(layer).shape)
        return set(grid[number - 1].ravel().tolist())

    def strongest(self, nodes: set[int]) -> int:
        self.until(lambda: self.saved, "the page knows what is drawn")
        return max(sorted(nodes), key=lambda node: float(self.trace().activation[0, node]))

    def take(self, name: str) -> None:
        """Have this network."""
        if self.network != name:
            self.choose("Network", name)
            self.until(lambda: self.state["network"] == name, "the network is chosen")

    @property
    def explorer(self) -> Explorer:
        """The session as it was saved last."""
        return self._restored()

    # What is shown

    def marked(self) -> set[int]:
        """What the scene says is selected in it."""
        found: set[int] = set()
        for run in (self.stage.get_attribute("data-selected") or "").split():
            first, _, last = run.partition("-")
            found.update(range(int(first), int(last or first) + 1))
        return found

    def previewed(self) -> bool:
        """Whether the flat plot outlines something that would be selected."""
        script = "Bokeh.documents[0].get_model_by_name('vizapp-preview').data.x.length"
        return bool(self.page.evaluate(script))

    def count(self) -> int:
        return int(self.flat.get_attribute("data-selected") or 0)

    def selected(self, nodes: set[int], primary: int | None = None) -> None:
        """Every pane comes to show these nodes as selected, and no others; `primary` first, if it is given."""
        few = f"{sorted(nodes)[:5]} and {max(0, len(nodes) - 5)} more"
        self.until(
            lambda: self.count() == len(nodes) and self.outlined_nodes() == nodes, f"{few} are selected"
        )
        self.until(lambda: self.marked() == nodes, f"the scene has {few}")
        first = self.flat.get_attribute("data-primary") or ""
        assert self.stage.get_attribute("data-primary") == first
        assert int(first) in nodes if nodes else first == ""
        if primary is not None:
            assert first == str(primary)
        if nodes:
            expect(self.inspector).to_have_attribute("data-node", first)

    # What is done

    def away(self) -> None:
        self.page.mouse.move(5, 5)

    @contextmanager
    def shift(self, held: bool = True) -> Iterator[None]:
        if held:
            self.page.keyboard.down("Shift")
        yield
        if held:
            self.page.keyboard.up("Shift")

    def click(self, place: tuple[float, float], shift: bool = False) -> None:
        with self.shift(shift):
            self.page.mouse.click(*place)

    def drag(self, points: Points, shift: bool = False) -> None:
        with self.shift(shift):
            self.page.mouse.move(*points[0])
            self.page.mouse.down()
            for point in points[1:]:
                self.page.mouse.move(*point)
            self.page.mouse.up()

    def tool(self, name: str) -> None:
        radio = self.page.get_by_role("radiogroup", name="Dragging").get_by_role("radio", name=name)
        radio.click()
        expect(radio).to_be_checked()

    def on_screen(self) -> Points:
        """Places of all nodes in the flat plot, float64[node, 2]."""
        flat = self.layout.flat.astype(np.float64)
        first, last = (np.array(self.flat_place(node)) for node in (0, len(flat) - 1))
        return first + (flat - flat[0]) * ((last - first) / (flat[-1] - flat[0]))

    def search(self, text: str) -> None:
        self.page.keyboard.press("/")
        expect(self.field).to_be_focused()
        self.field.fill(text)
