"""Where the answer comes from: pictures on the pad, how they were tested, and what would change the answer."""

from __future__ import annotations

from vizapp.views.component import Component


class Explaining(Component):
    """Where the answer comes from: pictures on the pad, how they were tested, and what would change the answer."""
