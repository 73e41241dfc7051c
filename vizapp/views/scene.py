"""The network in three dimensions."""

from __future__ import annotations

from vizapp.views.component import Component


class Scene(Component):
    """The network in three dimensions."""
