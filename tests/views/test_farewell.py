"""The server's leave, as the page hears it: what was drawn first, then that it is over."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.views.pages import OpenPage
from tests.views.test_wire import interface
from vizapp.views.topics.farewell import Farewell


def farewell_of(page: OpenPage) -> Farewell:
    return next(topic for topic in page._topics if isinstance(topic, Farewell))


def test_a_page_keeps_its_state_before_it_is_told_and_says_when_it_has(monkeypatch: Any) -> None:
    page = OpenPage()
    at_once: Callable[[Callable[[], None]], None] = lambda act: act()  # noqa: E731
    monkeypatch.setattr(page, "later", at_once)
    farewell = farewell_of(page)
    page.heard.clear()
    farewell.bid("It ends.", wait=True)
    assert [message["type"] for message in page.heard] == ["state", "closing"]
    assert page.heard[1] == {"type": "closing", "words": "It ends.", "wait": True}
    assert set(page.heard[1]) == interface("ClosingMessage")
    assert not farewell.safe
    assert page.ask("safe") == []
    assert farewell.safe
    # Another leave wants another answer.
    farewell.bid("It ends again.", wait=False)
    assert not farewell.safe
