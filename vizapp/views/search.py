"""A field to find nodes by name, by strength or by what they say."""

from __future__ import annotations

from vizapp.views.component import Component


class Search(Component):
    """A field to find nodes by name, by strength or by what they say."""
