"""Looks into shadow roots: which controls there are, whether they can be pressed, what is cut off (see deep.js)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from playwright.sync_api import Page

_HELPERS = (Path(__file__).parent / "deep.js").read_text(encoding="utf-8")


def deep(page: Page, expression: str, argument: Any = None) -> Any:
    """Evaluate JavaScript, or call a function with the argument; `deep` is there."""
    page.evaluate(f"() => {{ if (!window.deep) {{ {_HELPERS} }} }}")
    return page.evaluate(expression, argument)


def unpressable(page: Page) -> list[str]:
    """Controls in sight whose centre belongs to something else: covered, or cut off by what they stand in."""
    return deep(page, "deep.unpressable()")


def cut_off(page: Page) -> list[str]:
    """What is beside the screen, and texts wider than their boxes."""
    return deep(page, "deep.cutOff()")


def small_targets(page: Page, least: float = 24) -> list[str]:
    """Controls smaller than `least` CSS px in either direction."""
    return deep(page, "(least) => deep.smallTargets(least)", least)


def focus(page: Page) -> dict[str, Any]:
    """What has the focus: tag, role and name."""
    return deep(page, "deep.focus()") or {}
