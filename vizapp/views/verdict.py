"""In one sentence, whether an input is clear, ambiguous or strange: what is near to it, and what can be ruled out."""

from __future__ import annotations

from collections.abc import Sequence

from vizapp.analysis.hesitation import Hesitation
from vizapp.sentences import listed

KINDS = ("clear", "ambiguous", "strange")


def kind(found: Hesitation) -> str:
    """One of `KINDS`: "strange" is near to no class. "ambiguous" is near to some, but more than one class is left, or
    none is probable enough, or the answer is a class that it is not near to. The rest is "clear"."""
    if found.strange:
        return "strange"
    doubtful = found.ambiguous or found.forced or found.first not in found.near
    return "ambiguous" if doubtful else "clear"


def sentence(found: Hesitation) -> str:
    """ "Near to both 2 and 1, and neither can be ruled out."."""
    first, members, near = found.first, found.members, found.near
    where = f"Near to {_classes(near)}" if near else "Far from all classes"
    if found.forced:
        return f"{where}, and no class is as probable as this level asks for."
    if len(members) > 1:
        if set(near) == set(members):
            return f"{where}, and {'neither' if len(near) == 2 else 'none of them'} can be ruled out."
        return f"{where}; {listed([str(label) for label in members])} cannot be ruled out."
    if near == (first,):
        return f"{where}, and no other class is left."
    if first in near:
        return f"{where}, but only {first} is left."
    return f"{where}; the answer is {first} all the same."


def _classes(labels: Sequence[int]) -> str:
    words = listed([str(label) for label in labels])
    return {1: f"{words} alone", 2: f"both {words}"}.get(len(labels), words)
