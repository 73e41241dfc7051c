"""Whole test sets and folders of images: measured in the background, with progress."""

from __future__ import annotations

from vizapp.views.component import Component


class Batch(Component):
    """Whole test sets and folders of images: measured in the background, with progress."""
