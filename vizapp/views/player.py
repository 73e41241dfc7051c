"""The timeline: a walk through the network, step by step."""

from __future__ import annotations

from vizapp.views.component import Component


class Player(Component):
    """The timeline: a walk through the network, step by step."""
