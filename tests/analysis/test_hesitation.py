"""What is said of one answer, against its parts computed in another way, and on inputs of a known kind."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import softmax
from scipy.stats import entropy

from vizapp import nets
from vizapp.analysis.calibration import calibration
from vizapp.analysis.conformal import ALPHA, level
from vizapp.analysis.hesitation import hesitation, prepare, ready, usual
from vizapp.analysis.references import answers
from vizapp.inputs import SAMPLES, drawing_to_input, reference

NETWORKS = pytest.mark.parametrize("name", nets.names())


@NETWORKS
@pytest.mark.parametrize("row", range(len(SAMPLES)))
def test_says_of_a_drawing_what_its_parts_say(name, row):
    network = nets.load(name)
    prepare(network)
    trace = network.forward(np.stack([drawing_to_input(sample.strokes) for sample in SAMPLES]))
    found = hesitation(trace, row)
    logits = trace.logits[row].astype(float)
    order = np.argsort(-logits)
    assert found.guesses == tuple(order)
    assert (found.first, found.second) == tuple(order[:2])
    assert found.margin == pytest.approx(logits[order[0]] - logits[order[1]])
    assert found.entropy == pytest.approx(entropy(softmax(logits), base=2))
    assert found.temperature == calibration(network).temperature
    np.testing.assert_allclose(found.calibrated, softmax(logits / found.temperature))
    assert found.confidence == pytest.approx(found.calibrated.max())
    assert found.level is level(network, ALPHA)
    possible = [c for c in order if 1 - softmax(logits)[c] <= found.level.threshold or c == order[0]]
    assert list(found.members) == possible
    assert found.ambiguous == (len(possible) > 1)
    assert [near.label for near in found.candidates] == list(order[: max(3, len(possible))])

    hidden = trace.layer("fc2")[row].astype(float)
    known = answers(network)
    distances = np.linalg.norm(known.features - hidden, axis=1)
    for candidate in found.candidates:
        of_class = known.labels == candidate.label
        np.testing.assert_allclose(
            candidate.near.distance, np.sort(distances[of_class])[:3], rtol=1e-5, atol=1e-4
        )
        assert (known.labels[candidate.near.image] == candidate.label).all()
        assert found.strangeness <= candidate.percentile <= 100
    assert found.strange == (found.strangeness > 99)
    nearest = [distances[known.labels == label].min() for label in range(10)]
    np.testing.assert_allclose(found.distances, nearest, rtol=1e-5)
    order = np.argsort(nearest)
    assert found.near == tuple(label for label in order if nearest[label] <= 1.4 * nearest[order[0]])
    assert found.strangeness == found.percentiles.min()
    assert found.probability == pytest.approx(softmax(logits).max())
    assert found.forced == (1 - softmax(logits).max() > found.level.threshold)


def test_two_equal_logits_are_a_coin():
    network = nets.load("mlp")
    weight, bias = (network.parameters[f"output.{kind}"].copy() for kind in ("weight", "bias"))
    weight[:], bias[:] = 0, -30
    bias[[3, 7]] = 0
    coin = network.with_parameters({"output.weight": weight, "output.bias": bias})
    found = hesitation(coin.forward(np.zeros((28, 28))))
    assert (found.first, found.second) == (3, 7)
    assert (found.margin, found.entropy) == (0, pytest.approx(1, abs=1e-9))
    assert found.members[:2] == (3, 7)
    assert found.calibrated[3] == found.calibrated[7] == found.confidence


@NETWORKS
def test_tells_clear_ambiguous_and_strange_apart(name):
    network = nets.load(name)
    images, labels = reference()
    known = answers(network)
    ones = np.flatnonzero(labels == 1)
    sure = int(ones[np.argsort(known.logits[ones, 1])[len(ones) // 2]])  # an average one: none extreme
    best = np.sort(known.probabilities, axis=1)
    torn = int((best[:, -1] - best[:, -2]).argmin())
    inputs = np.stack([images[sure] / 255, images[torn] / 255, 1 - images[sure] / 255])
    trace = network.forward(inputs)
    clear, ambiguous, strange = (
        hesitation(trace, row, without=index) for row, index in ((0, sure), (1, torn), (2, -1))
    )
    assert (clear.first, clear.members, clear.ambiguous, clear.strange) == (1, (1,), False, False)
    assert labels[torn] in ambiguous.members
    assert ambiguous.ambiguous
    assert ambiguous.margin < 0.2 < 5 < clear.margin
    assert clear.entropy < 0.3 < 0.9 < ambiguous.entropy
    assert strange.strange
    # The image itself is not its own neighbour unless one forgets to say so.
    assert sure not in clear.candidates[0].near.image
    assert clear.candidates[0].percentile < 90
    assert hesitation(trace, 0).candidates[0].near.image[0] == sure


def test_is_ready_when_prepared():
    network = nets.load("mlp").with_parameters({})
    assert not ready(network)
    prepare(network)
    assert ready(network)


@NETWORKS
def test_what_is_usual_is_so_for_half_of_the_images(name):
    network = nets.load(name)
    common, known = usual(network), answers(network)
    best = np.sort(known.logits, axis=1)
    assert (best[:, -1] - best[:, -2] > common.margin).mean() == pytest.approx(0.5, abs=0.001)
    assert (entropy(known.probabilities, base=2, axis=1) > common.entropy).mean() == pytest.approx(
        0.5, abs=0.001
    )
    assert usual(network) is common


def test_at_a_lax_level_a_doubtful_answer_is_forced():
    trace = nets.load("cnn").forward(drawing_to_input(SAMPLES[0].strokes))
    found = hesitation(trace, alpha=0.02)
    assert (found.forced, len(found.members), found.ambiguous) == (True, 1, False)
    assert not hesitation(trace).forced


def test_a_stricter_level_leaves_more_classes():
    trace = nets.load("cnn").forward(drawing_to_input(SAMPLES[0].strokes))
    sizes = [len(hesitation(trace, alpha=alpha).members) for alpha in (0.02, 0.002, 1e-5)]
    assert sizes == sorted(sizes)
    assert (sizes[0], sizes[-1]) == (1, 10)
    assert len(hesitation(trace, alpha=1e-5).candidates) == 10
    with pytest.raises(ValueError, match="level"):
        hesitation(trace, alpha=2)
