"""In one sentence, whether an input is clear, ambiguous or strange: what is near to it, and what can be ruled out."""

from __future__ import annotations

from vizapp.analysis.hesitation import Hesitation
from vizapp.sentences import listed

KINDS = ("clear", "unusual", "ambiguous", "strange")
REMOTE = 95.0
"""The percentile, in every class, above which an input is rather far from all: 1 in 20 reference images is."""
FEW = 3
"""Classes that are named where they are all near: a longer list says less."""


def kind(found: Hesitation) -> str:
    """One of `KINDS`. "strange": far from every class. "ambiguous": more than one class is left, or none is probable
    enough, or the answer is a class that the input is not near to. "unusual": rather far from every class. "clear":
    none of these."""
    if found.strange:
        return "strange"
    doubtful = found.ambiguous or found.forced or found.first not in found.near
    return "ambiguous" if doubtful else "unusual" if _remote(found) else "clear"


def sentence(found: Hesitation) -> str:
    """ "Near to both 2 and 1, and neither can be ruled out."."""
    first, members, near = found.first, found.members, found.near
    where = _where(found)
    if found.forced:
        return f"{where}; no class is as probable as this level asks for."
    if len(members) > 1:
        if set(near) == set(members) and not _remote(found):
            return f"{where}, and {'neither' if len(near) == 2 else 'none of them'} can be ruled out."
        return f"{where}; {_names(members)} cannot be ruled out."
    if _remote(found) or first not in near:
        return f"{where}; the answer is {first} all the same."
    return f"{where}, {'and no other class' if near == (first,) else f'but only {first}'} is left."


def _where(found: Hesitation) -> str:
    near = found.near
    if found.strange:
        return "Far from all classes"
    if _remote(found):
        between = f", {'nearest to' if len(near) == 1 else 'between'} {_names(near)}"
        return f"Rather far from all classes{between if len(near) <= FEW else ''}"
    if len(near) > FEW:
        return "Near to several classes"
    return f"Near to {'both ' if len(near) == 2 else ''}{_names(near)}{' alone' if len(near) == 1 else ''}"


def _remote(found: Hesitation) -> bool:
    return found.strangeness > REMOTE


def _names(labels: tuple[int, ...]) -> str:
    return listed([str(label) for label in labels])
