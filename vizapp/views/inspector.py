"""Everything about the primary node: its place, its inputs, its calculation, with the numbers of the moment."""

from __future__ import annotations

from vizapp.views.component import Component


class Inspector(Component):
    """Everything about the primary node: its place, its inputs, its calculation, with the numbers of the moment."""
