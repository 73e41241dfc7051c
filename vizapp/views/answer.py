"""Probabilities of the ten digits, first and second guess."""

from __future__ import annotations

from vizapp.views.component import Component


class Answer(Component):
    """Probabilities of the ten digits, first and second guess."""
