"""The verdict in one sentence, for every case that can be."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from vizapp.analysis.hesitation import AS_NEAR, STRANGE, Hesitation
from vizapp.views import verdict


def found(
    members: tuple[int, ...], near: tuple[int, ...], percentile: float = 50.0, forced: bool = False
) -> Hesitation:
    """Of ten classes: which are left, which are near, and how usual the distance to the nearest is."""
    guesses = (*members, *(label for label in range(10) if label not in members))
    distances = np.full(10, AS_NEAR * 2.0)
    distances[list(near)] = 1 + 0.01 * np.arange(len(near))
    level: Any = SimpleNamespace(threshold=0.1 if forced else 0.9)
    return Hesitation(
        guesses,
        margin=0.5,
        entropy=1.0,
        probability=0.5,
        temperature=0.7,
        calibrated=np.full(10, 0.1),
        level=level,
        members=members,
        candidates=(),
        distances=distances,
        percentiles=np.maximum(percentile, np.where(distances < AS_NEAR, 0, 100)),
    )


CASES = {
    "clear": (found((2,), (2,)), "clear", "Near to 2 alone, and no other class is left."),
    "two near": (found((2,), (7, 2)), "clear", "Near to both 7 and 2, but only 2 is left."),
    "many near": (found((2,), (2, 7, 1, 0)), "clear", "Near to several classes, but only 2 is left."),
    "pair": (found((2, 1), (1, 2)), "ambiguous", "Near to both 1 and 2, and neither can be ruled out."),
    "three": (
        found((2, 1, 7), (1, 2, 7)),
        "ambiguous",
        "Near to 1, 2 and 7, and none of them can be ruled out.",
    ),
    "one near of two": (found((5, 6), (6,)), "ambiguous", "Near to 6 alone; 5 and 6 cannot be ruled out."),
    "elsewhere": (found((2,), (7,)), "ambiguous", "Near to 7 alone; the answer is 2 all the same."),
    "forced": (
        found((2,), (2,), forced=True),
        "ambiguous",
        "Near to 2 alone; no class is as probable as this level asks for.",
    ),
    "rather far": (
        found((2,), (2,), 96),
        "unusual",
        "Rather far from all classes, nearest to 2; the answer is 2 all the same.",
    ),
    "rather far, between": (
        found((2, 1), (2, 1), 96),
        "ambiguous",
        "Rather far from all classes, between 2 and 1; 2 and 1 cannot be ruled out.",
    ),
    "rather far, anywhere": (
        found((2,), (2, 1, 3, 4), 96),
        "unusual",
        "Rather far from all classes; the answer is 2 all the same.",
    ),
    "strange": (found((2,), (2,), 99.5), "strange", "Far from all classes; the answer is 2 all the same."),
    "strange, two": (
        found((2, 1), (2, 1), 99.5),
        "strange",
        "Far from all classes; 2 and 1 cannot be ruled out.",
    ),
}


@pytest.mark.parametrize(("case", "kind", "sentence"), CASES.values(), ids=CASES)
def test_says_what_is_near_and_what_is_left(case: Hesitation, kind: str, sentence: str) -> None:
    assert verdict.kind(case) == kind
    assert kind in verdict.KINDS
    assert verdict.sentence(case) == sentence


def test_the_bounds_themselves_are_not_far() -> None:
    assert verdict.kind(found((2,), (2,), STRANGE)) == "unusual"
    assert verdict.kind(found((2,), (2,), verdict.REMOTE)) == "clear"
