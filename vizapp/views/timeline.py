"""Curves along a sweep, with a cursor that takes all panes along."""

from __future__ import annotations

from vizapp.views.component import Component


class Timeline(Component):
    """Curves along a sweep, with a cursor that takes all panes along."""
