"""One line about the node under the pointer, with exact numbers."""

from __future__ import annotations

from vizapp.views.component import Component


class Readout(Component):
    """One line about the node under the pointer, with exact numbers."""
