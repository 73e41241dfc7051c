"""Dialogs with the numbers behind the pictures."""

from __future__ import annotations

from vizapp.views.component import Component


class Tables(Component):
    """Dialogs with the numbers behind the pictures; any pane opens them."""
