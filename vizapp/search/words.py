"""The words of a query: what they mean, whatever their form, read from the left."""

from __future__ import annotations

import re
from collections.abc import Sequence

from vizapp.sentences import listed

_NOTHING = ""

_FORMS = {
    "layer": "layer layers",
    "map": "map maps channel",
    "unit": "unit units neuron neurons #",
    "in": "in of from within inside",
    "and": "and plus +",
    "strongest": "strongest strong most highest top largest greatest brightest maximum",
    "weakest": "weakest weak least lowest smallest faintest minimum",
    "silent": "silent off dead dark zero inactive",
    "active": "active firing awake",
    "say": "say says saying speak speaks for evidence supporting favouring",
    "against": "against contradict contradicts opposing",
    "selected": "selected selection",
    _NOTHING: "the a an all node nodes that which is are at row column cell digit class number feature fully "
    "show find select",
}
_MEANING = {form: meaning for meaning, forms in _FORMS.items() for form in forms.split()}
_LAYERS = {
    "convolution": "conv",
    "convolutional": "conv",
    "pooling": "pool",
    "dense": "fc",
    "connected": "fc",
}


class NotFoundError(ValueError):
    """One sentence on what is wrong with a query."""


class Words:
    """A query's words, numbers and beginnings of layers' names, without those that mean nothing.

    Raises:
        NotFoundError: for a word that is neither.
    """

    def __init__(self, text: str, layers: Sequence[str]) -> None:
        tokens = re.findall(r"[^\W\d_]+|\d+|[#+]", text.lower())
        self._words = [word for token in tokens if (word := _meaning(token, layers)) != _NOTHING]
        self._at = 0

    def peek(self) -> str | None:
        return self._words[self._at] if self._at < len(self._words) else None

    def next(self) -> str | None:
        word = self.peek()
        self._at += word is not None
        return word

    def take(self, *wanted: str) -> str | None:
        """The next word if it is one of these."""
        return self.next() if self.peek() in wanted else None

    def number(self) -> int | None:
        """The next word if it is a number; what is too large is too large, however long it is."""
        word = self.peek()
        return int((self.next() or "")[:9]) if word is not None and word.isdecimal() else None

    def numbers(self, most: int) -> list[int]:
        found: list[int] = []
        while len(found) < most and (number := self.number()) is not None:
            found.append(number)
        return found


def is_layer(word: str | None) -> bool:
    """Whether a word that `Words` has let through begins the name of a layer."""
    return word is not None and word not in _FORMS and not word.isdecimal()


def _meaning(token: str, layers: Sequence[str]) -> str:
    if token in _MEANING:
        return _MEANING[token]
    token = _LAYERS.get(token, token)
    if token.isdecimal() or any(name.startswith(token) for name in layers):
        return token
    begun = {meaning for form, meaning in _MEANING.items() if form.startswith(token) and len(token) > 1}
    if len(begun) != 1:
        raise NotFoundError(f"“{token[:40]}” is not known here; the layers are called {listed(layers)}.")
    return begun.pop()
