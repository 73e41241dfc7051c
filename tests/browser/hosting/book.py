"""A notebook in JupyterLab, as a person works with it: cells are run, panes are drawn on."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from driver import Driver, Points
from lab import Lab
from playwright.sync_api import Locator, Page, expect
from running import PATIENCE

RUN = re.compile(r"\[(\d+)\]:")
TELL = Path(__file__).with_name("tell_kernel.py")
HEAD = "import json, vizapp, vizapp.views"


class Book:
    """A notebook of the given cells, and one more at the end."""

    def __init__(self, page: Page, lab: Lab, name: str, *cells: str) -> None:
        self.page, self.lab, self.name = page, lab, name
        self._cells = len(cells)
        lab.write(name, *cells, HEAD)
        self.open()

    def open(self) -> None:
        self.page.goto(self.lab.address(self.name))
        expect(self.page.locator(".jp-Notebook .jp-Cell")).to_have_count(self._cells + 1)
        expect(self.page.get_by_role("button", name="Python 3 (ipykernel) | Idle")).to_be_visible()

    def cell(self, number: int) -> Locator:
        return self.page.locator(".jp-Notebook .jp-Cell").nth(number)

    def outputs(self, number: int) -> Locator:
        return self.cell(number).locator(".jp-OutputArea-output")

    def driver(self, number: int) -> Driver:
        """Whoever uses what this cell displays."""
        driver = Driver(self.page)
        cell = self.cell(number)
        driver.pad, driver.answer = cell.locator(".pad-figure"), cell.locator(".v-answer")
        driver.first, driver.values = cell.locator(".v-answer .first"), cell.locator(".v-answer .value")
        driver.notices = cell.locator(".notice-item")
        return driver

    def run(self, number: int) -> None:
        """Run a cell, and wait for its end."""
        prompt = self.cell(number).locator(".jp-InputPrompt")
        self.cell(number).scroll_into_view_if_needed()
        before = prompt.inner_text()
        self.cell(number).locator(".cm-content").click()
        self.page.keyboard.press("Control+Enter")
        driver = Driver(self.page)
        driver.until(lambda: prompt.inner_text() != before, f"cell {number} runs")
        driver.until(lambda: RUN.fullmatch(prompt.inner_text().strip()), f"cell {number} has run")

    def say(self, code: str, text: str = "''") -> str:
        """Have the kernel run this, as another page of the notebook would; what `text` is afterwards."""
        # A program of its own: Jupyter's client has an event loop, and so has Playwright.
        command = [sys.executable, str(TELL), str(self.lab.connection(self.name)), text]
        environment = {**os.environ, "PYTHONPATH": str(TELL.parents[2])}
        told = subprocess.run(
            command, input=code, env=environment, capture_output=True, text=True, timeout=2 * PATIENCE
        )
        assert told.returncode == 0, told.stderr
        return told.stdout

    def ask(self, expression: str) -> Any:
        """What the kernel says that this is, as JSON has it."""
        return json.loads(self.say(HEAD, f"json.dumps({expression}, default=lambda v: v.tolist())"))

    def draw(self, number: int, points: Points) -> None:
        """A stroke with the mouse on the pad of this cell."""
        driver = self.driver(number)
        driver.pad.scroll_into_view_if_needed()
        self.page.mouse.move(*driver.place(*points[0]))
        self.page.mouse.down()
        for x, y in points[1:]:
            self.page.mouse.move(*driver.place(x, y), steps=8)
        self.page.mouse.up()

    def save(self) -> None:
        self.page.keyboard.press("Control+s")
        expect(self.page.locator(".jp-mod-dirty")).to_have_count(0)

    def restart(self) -> None:
        """Restart the kernel, by the menu's key."""
        self.cell(0).locator(".jp-InputPrompt").click()
        self.page.get_by_role("button", name="Restart the kernel", exact=True).click()
        self.page.locator(".jp-Dialog").get_by_role("button", name="Confirm Kernel Restart").click()
        expect(self.page.locator(".jp-Dialog")).to_have_count(0)

    def end(self) -> None:
        """End the kernel, as a server does that is started again."""
        for session in self.lab.sessions():
            if session["path"] == self.name:
                self.lab.forget(session["id"])

    def saved_outputs(self, number: int) -> list[dict[str, Any]]:
        self.save()
        outputs: list[dict[str, Any]] = self.lab.read(self.name)["cells"][number]["outputs"]
        return outputs
