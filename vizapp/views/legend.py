"""What the colours mean, with numbers."""

from __future__ import annotations

from vizapp.views.component import Component


class Legend(Component):
    """What the colours mean, with numbers."""
