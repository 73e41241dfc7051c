"""A page that waits for what long measurements have to say."""

from __future__ import annotations

import io
import queue
from collections.abc import Callable
from typing import Any

import numpy as np
from PIL import Image

from tests.views.pages import OpenPage

PATIENCE = 120
FEW = ["clean", "rotated +30°", "noise of 0.2"]
TABLE = {"kind": "table", "networks": ["mlp"], "cases": FEW, "images": 300}
RANKING = {"kind": "ranking", "networks": ["cnn", "mlp"], "of": "given"}


class BatchPage(OpenPage):
    """What threads have to say waits until the test listens."""

    def __init__(self, **settings: Any) -> None:
        self.acts: queue.Queue[Callable[[], None]] = queue.Queue()
        self.news: dict[str, dict[str, Any]] = {}
        super().__init__(**settings)

    def later(self, act: Callable[[], None]) -> None:
        self.acts.put(act)

    def _send_msg(self, data: Any) -> None:
        super()._send_msg(data)
        if data["type"] == "batch":
            self.news[data["kind"]] = data

    def told(self, kind: str = "table") -> dict[str, Any]:
        """The newest that was said of a measurement."""
        return self.news[kind]

    def until(self, condition: Callable[[dict[str, Any]], bool], kind: str = "table") -> dict[str, Any]:
        while not condition(self.told(kind)):
            self.acts.get(timeout=PATIENCE)()
        return self.told(kind)

    def measure(self, **values: Any) -> dict[str, Any]:
        """Start, and wait for the end."""
        self.ask("batch_start", **values)
        return self.until(lambda told: told["state"] in ("done", "stopped", "failed"), values["kind"])


def refused(heard: list[dict[str, Any]]) -> str:
    assert [each["type"] for each in heard] == ["notice"], heard
    return str(heard[0]["text"])


def png(image: np.ndarray) -> bytes:
    file = io.BytesIO()
    Image.fromarray(image).save(file, "PNG")
    return file.getvalue()
