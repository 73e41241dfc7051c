"""What the network sees, as 28 by 28 pixels."""

from __future__ import annotations

from vizapp.views.component import Component


class Seen(Component):
    """What the network sees, as 28 by 28 pixels."""
