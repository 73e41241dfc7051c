"""Undo, links, files and embedding: the whole state for others."""

from __future__ import annotations

from vizapp.views.component import Component


class Share(Component):
    """Undo, links, files and embedding: the whole state for others."""
