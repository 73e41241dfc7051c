"""What the colours mean, with numbers, and which layers are shown."""

from __future__ import annotations

from vizapp.views.component import Component


class Legend(Component):
    """What the colours mean, with numbers, and which layers are shown."""
