"""What tests of the line share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.views.pages import ONE, Page
from vizapp.explorer import Drawing, Explorer
from vizapp.inputs import Stroke


@pytest.fixture
def explorer() -> Explorer:
    return Explorer(drawing=Drawing((Stroke(ONE),)))


@pytest.fixture
def page(explorer: Explorer) -> Iterator[Page]:
    page = Page(explorer)
    page.say({"type": "ready", "state": None})
    return page
