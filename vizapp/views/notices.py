"""Sentences that tell what went wrong and what to do."""

from __future__ import annotations

from vizapp.views.component import Component


class Notices(Component):
    """Sentences that tell what went wrong and what to do."""
