"""What the edges show: their colours with numbers, and one sentence."""

from __future__ import annotations

from vizapp.views.component import Component


class Lens(Component):
    """What the edges show: their colours with numbers, and one sentence."""
