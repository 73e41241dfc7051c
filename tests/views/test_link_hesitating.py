"""The hesitation over the line: every number held against one computed here, from the logits."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy.spatial.distance import cdist

from tests.views import pages
from tests.views.test_wire import TYPES, check_carried, interface
from vizapp import nets
from vizapp.explorer import Drawing
from vizapp.inputs import SAMPLES, reference
from vizapp.nets.network import CHUNK
from vizapp.parameters import COVERAGES
from vizapp.views.topics import hesitating as topic

NETWORKS = pytest.mark.parametrize("name", nets.names())


class Page(pages.WaitingPage):
    only_slow = True

    def scores(self) -> dict[str, Any]:
        """What is said of the pad as it is now."""
        answers = self.ask("hesitation", seq=1) + self.finish()
        assert answers[-1]["state"] == "scored"
        return answers[-1]["scores"]


def drawn(sample: int) -> Drawing:
    return Drawing(tuple(SAMPLES[sample].strokes))


def softmax(logits: Any, temperature: float = 1.0) -> Any:
    powers = np.exp(np.asarray(logits, float) / temperature - np.max(logits) / temperature)
    return powers / powers.sum(axis=-1, keepdims=True)


def known(name: str) -> tuple[Any, Any, Any]:
    """Logits and activations of fc2 of all test images, by the network's own forward pass, and their labels."""
    network, (images, labels) = nets.load(name), reference()
    logits, hidden = [], []
    for start in range(0, len(images), CHUNK):
        trace = network.forward(images[start : start + CHUNK].astype(np.float32) / 255)
        logits.append(trace.logits.astype(float))
        hidden.append(trace.layer("fc2").astype(float))
    return np.concatenate(logits), np.concatenate(hidden), labels


@pytest.fixture(scope="module")
def references() -> dict[str, tuple[Any, Any, Any]]:
    return {name: known(name) for name in nets.names()}


# The numbers


@NETWORKS
@pytest.mark.parametrize("sample", range(len(SAMPLES)))
def test_margin_entropy_and_probability_follow_from_the_logits(name: str, sample: int) -> None:
    page = Page(network=name, drawing=drawn(sample))
    scores = page.scores()
    z = page.explorer.trace.logits[0].astype(float)
    first, second = np.argsort(-z)[:2]
    p = softmax(z)
    assert (scores["first"], scores["second"]) == (first, second)
    assert scores["margin"] == pytest.approx(z[first] - z[second])
    assert scores["entropy"] == pytest.approx(-(p * np.log2(p)).sum())
    assert scores["probability"] == pytest.approx(p[first])
    assert scores["calibrated"] == pytest.approx(softmax(z, scores["temperature"])[first])


@NETWORKS
def test_the_temperature_is_the_best_one_for_half_of_the_test_images(name: str, references: Any) -> None:
    logits, _, labels = references[name]
    page = Page(network=name)
    scores = page.scores()
    half = np.sort(np.random.default_rng(5).permutation(10_000)[:5_000])
    assert scores["fitted"] == len(half)

    def loss(temperature: float) -> float:
        return float(-np.log(softmax(logits[half], temperature))[np.arange(len(half)), labels[half]].mean())

    best = scores["temperature"]
    assert loss(best) < min(loss(best * 1.001), loss(best / 1.001))


@NETWORKS
def test_what_is_usual_is_the_median(name: str, references: Any) -> None:
    logits, _, _ = references[name]
    scores = Page(network=name).scores()
    best = np.sort(logits, axis=1)
    assert scores["usual_margin"] == pytest.approx(np.median(best[:, -1] - best[:, -2]), rel=1e-4)
    p = softmax(logits)
    entropy = -(p * np.log2(np.maximum(p, 1e-300))).sum(axis=1)
    assert scores["usual_entropy"] == pytest.approx(np.median(entropy), rel=1e-4)


@NETWORKS
@pytest.mark.parametrize("coverage", COVERAGES)
def test_the_set_is_made_by_the_threshold_and_never_empty(name: str, coverage: str, references: Any) -> None:
    logits, _, labels = references[name]
    order = np.random.default_rng(5).permutation(10_000)
    fit, check = order[:5_000], order[5_000:]
    missing = 1 - softmax(logits)
    rank = int(np.ceil(round(5_001 * (1 - COVERAGES[coverage]), 6)))
    threshold = np.sort(missing[fit, labels[fit]])[rank - 1]
    inside = missing[check] <= threshold
    forced = ~inside.any(axis=1)
    inside[np.arange(5_000), logits[check].argmax(axis=1)] = True
    page = Page(network=name, drawing=drawn(0), coverage=coverage)
    scores = page.scores()
    level = scores["level"]
    assert (level["name"], level["checked"], level["forced"]) == (coverage, 5_000, forced.sum())
    assert level["coverage"] == pytest.approx(inside[np.arange(5_000), labels[check]].mean())
    assert level["low"] < level["coverage"] < level["high"]
    assert level["mean_size"] == pytest.approx(inside.sum(axis=1).mean())
    assert scores["least"] == pytest.approx(1 - threshold, rel=1e-4)
    for sample in range(len(SAMPLES)):
        page.explorer.drawing = drawn(sample)
        scores = page.scores()
        z = page.explorer.trace.logits[0]
        expected = [c for c in np.argsort(-z) if 1 - softmax(z)[c] <= threshold]
        assert scores["forced"] == (not expected)
        assert scores["members"] == (expected or [z.argmax()])


@NETWORKS
def test_the_nearest_images_of_the_likely_classes(name: str, references: Any) -> None:
    _, hidden, labels = references[name]
    images = reference()[0]
    page = Page(network=name, drawing=drawn(3))
    scores = page.scores()
    z = page.explorer.trace.logits[0]
    here = page.explorer.trace.layer("fc2")[0].astype(float)
    assert [each["label"] for each in scores["candidates"]] == np.argsort(-z)[:3].tolist()
    shown = scores["images"].reshape(-1, 28, 28)
    for at, each in enumerate(scores["candidates"]):
        own = np.flatnonzero(labels == each["label"])
        distance = np.linalg.norm(hidden[own] - here, axis=1)
        order = np.argsort(distance)[:3]
        assert [item["index"] for item in each["items"]] == own[order].tolist()
        np.testing.assert_allclose(
            [item["distance"] for item in each["items"]], distance[order], rtol=1e-4, atol=1e-4
        )
        np.testing.assert_array_equal(shown[3 * at : 3 * at + 3], images[own[order]])
        apart = cdist(hidden[own], hidden[own])
        np.fill_diagonal(apart, np.inf)
        nearer = 100 * (apart.min(axis=1) < distance.min()).mean()
        assert each["percentile"] == pytest.approx(nearer, abs=0.01)


def test_an_image_is_not_near_to_itself() -> None:
    page = Page()
    page.ask("load", source="reference", index=8)
    scores = page.scores()
    assert scores["itself"] == "test image 8, a 5"
    indices = [item["index"] for each in scores["candidates"] for item in each["items"]]
    assert 8 not in indices
    # Drawn upon, it is another one.
    page.say(pages.pen([[0.1, 0.1], [0.12, 0.1]]))
    scores = page.scores()
    assert scores["itself"] is None
    assert 8 in [item["index"] for each in scores["candidates"] for item in each["items"]]


def test_what_the_network_sees_in_a_sweep_is_what_is_scored() -> None:
    page = Page()
    before = page.scores()["margin"]
    page.explorer.vary("rotation")
    page.explorer.cursor = 30.0
    z = np.sort(page.explorer.trace.logits[0])
    assert page.scores()["margin"] == pytest.approx(z[-1] - z[-2])
    assert page.scores()["margin"] != pytest.approx(before)


# When there is nothing to say


@NETWORKS
def test_an_empty_pad_has_no_scores(name: str) -> None:
    page = Page(network=name, drawing=Drawing())
    (answer,) = page.ask("hesitation", seq=5)
    assert (answer["ack"], answer["network"], answer["state"]) == (5, name, "empty")
    assert answer["scores"] is None
    page.explorer.drawing = drawn(1)
    assert page.scores()["first"] == page.explorer.prediction
    page.ask("edit", action="clear")
    assert page.ask("hesitation", seq=6)[0]["state"] == "empty"


def test_waits_for_the_reference_images_once_and_tells_unasked(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    monkeypatch.setattr(topic, "ready", lambda network: network.name in done)
    monkeypatch.setattr(topic, "prepared", lambda network: done.append(network.name))
    page = Page()
    for seq in (1, 2):
        (answer,) = page.ask("hesitation", seq=seq)
        assert (answer["ack"], answer["state"], answer["scores"]) == (seq, "waiting", None)
    assert len(page.waiting) == 1
    # What is told is about the pad as it is by then.
    page.explorer.drawing = drawn(3)
    (told,) = page.finish()
    assert (told["ack"], told["state"]) == (0, "scored")
    assert told["scores"]["first"] == page.explorer.prediction
    assert page.ask("hesitation", seq=3)[0]["state"] == "scored"
    assert page.waiting == []
    # Another network, chosen while the first is being prepared.
    done.clear()
    page.ask("hesitation", seq=4)
    page.ask("set", name="network", value="mlp")
    page.ask("hesitation", seq=5)
    assert [(m["network"], m["state"]) for m in page.finish()] == [("mlp", "waiting"), ("mlp", "scored")]


def test_what_cannot_be_prepared_is_said_and_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(topic, "ready", lambda network: False)
    monkeypatch.setattr(topic, "prepared", lambda network: 1 / 0)
    page = Page()
    page.ask("hesitation", seq=1)
    assert [m["state"] for m in page.finish()] == ["failed"]
    page.ask("hesitation", seq=2)
    assert len(page.waiting) == 1


def test_nothing_is_computed_or_said_unless_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    page = Page()
    page.scores()
    monkeypatch.setattr(topic, "scores_message", lambda *_: 1 / 0)
    for answers in (
        page.say(pages.pen()),
        page.ask("set", name="coverage", value="98 %"),
        page.ask("set", name="network", value="mlp"),
        page.ask("set", name="aside", value="hesitation"),
    ):
        assert {m["type"] for m in answers} & {"hesitation", "reliability", "notice"} == set()
    assert page.waiting == []


# The level


def test_a_stricter_level_leaves_no_fewer_classes() -> None:
    page = Page()
    sizes = []
    for coverage in COVERAGES:
        page.ask("set", name="coverage", value=coverage)
        scores = page.scores()
        assert scores["level"]["name"] == coverage
        sizes.append(len(scores["members"]))
    assert sizes == sorted(sizes)
    assert sizes[0] < sizes[-1]
    assert page.explorer.undoable == "coverage"


@pytest.mark.parametrize("bad", ["97 %", 0.002, None, ["98 %"], "98"])
def test_only_levels_that_were_measured(bad: Any) -> None:
    page = Page()
    answers = page.ask("set", name="coverage", value=bad)
    assert "notice" in {m["type"] for m in answers}
    assert page.explorer.coverage == "99.8 %"


# Reliability


@NETWORKS
def test_reliability_is_that_of_the_other_half(name: str, references: Any) -> None:
    logits, _, labels = references[name]
    check = np.random.default_rng(5).permutation(10_000)[5_000:]
    page = Page(network=name)
    assert page.ask("reliability", seq=7) == []
    (told,) = page.finish()
    assert (told["ack"], told["network"], told["checked"]) == (7, name, len(check))
    for when, temperature in (("before", 1.0), ("after", told["temperature"])):
        p = softmax(logits[check], temperature)
        sure, right = p.max(axis=1), p.argmax(axis=1) == labels[check]
        bins, ece = told[when], 0.0
        for i, (low, high) in enumerate(zip(told["edges"], told["edges"][1:], strict=False)):
            inside = (sure > low) & (sure <= high)
            assert bins["count"][i] == inside.sum()
            if not inside.any():
                assert [bins[key][i] for key in ("confidence", "accuracy", "low", "high")] == [None] * 4
                continue
            assert bins["confidence"][i] == pytest.approx(sure[inside].mean(), rel=1e-4)
            assert bins["accuracy"][i] == pytest.approx(right[inside].mean())
            assert bins["low"][i] <= bins["accuracy"][i] <= bins["high"][i]
            ece += inside.mean() * abs(right[inside].mean() - sure[inside].mean())
        assert bins["ece"] == pytest.approx(ece, rel=1e-3)
    assert told["after"]["ece"] < told["before"]["ece"]


def test_one_diagram_at_a_time_and_then_the_newest(monkeypatch: pytest.MonkeyPatch) -> None:
    page = Page()
    for seq in (1, 2, 3):
        assert page.ask("reliability", seq=seq) == []
    assert len(page.waiting) == 1
    assert [m["ack"] for m in page.finish()] == [1, 3]
    with monkeypatch.context() as broken:
        broken.setattr(topic, "reliability_message", lambda *_: 1 / 0)
        page.ask("reliability", seq=4)
        assert page.finish() == []
    page.ask("reliability", seq=5)
    assert [m["ack"] for m in page.finish()] == [5]


# On the wire


@pytest.mark.parametrize("kind", ["hesitation", "reliability"])
@pytest.mark.parametrize("bad", [None, -1, "1", 1.5, True, [], {}, 10**40, float("nan")])
def test_nonsense_is_told_off(kind: str, bad: Any) -> None:
    page = Page()
    (answer,) = page.ask(kind, seq=bad)
    assert answer["type"] == "notice"
    assert page.waiting == []


@NETWORKS
def test_messages_can_travel_and_have_the_fields_that_the_page_knows(name: str) -> None:
    page = Page(network=name, drawing=drawn(4))
    page.scores()
    (scored,) = page.ask("hesitation", seq=2)
    page.ask("reliability", seq=3)
    (told,) = page.finish()
    for message in (scored, told):
        check_carried(message)
    types = TYPES.parent / "hesitation" / "messages.ts"
    if types.exists():
        scores = scored["scores"]
        assert set(scored) == interface("HesitationMessage", types)
        assert set(scores) == interface("Scores", types)
        assert set(scores["level"]) == interface("Level", types)
        assert set(scores["candidates"][0]) == interface("Candidate", types)
        assert set(told) == interface("ReliabilityMessage", types)
        assert set(told["before"]) == interface("Bins", types)
