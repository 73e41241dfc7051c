"""How sure the network is of the present answer, and what that is worth."""

from __future__ import annotations

from vizapp.views.component import Component


class Hesitation(Component):
    """How sure the network is of the present answer, and what that is worth."""
