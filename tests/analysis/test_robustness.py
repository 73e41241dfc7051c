"""Robustness tables against plain evaluation, and that they go on where they were left."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from vizapp import inputs, nets
from vizapp.analysis import robustness
from vizapp.analysis.batch.journal import Journal
from vizapp.analysis.robustness import CASES, CHUNK, Robustness, noisy, thickened
from vizapp.nets import evaluate, zoo
from vizapp.nets.data import Examples

COUNT = 2 * CHUNK + 100
EXAMPLES = Examples(*(array[:COUNT] for array in inputs.reference()))
FEW = ("clean", "rotated +15°", "noise of 0.2")
NETWORKS = [nets.load(name) for name in nets.names()]


def measured(table: Robustness, processes: int = 1) -> Robustness:
    assert sum(table.run(processes)) == table.total
    return table


@pytest.fixture(scope="module")
def table() -> Robustness:
    return measured(Robustness(NETWORKS, EXAMPLES, FEW))


def test_accuracies_are_those_of_evaluate(table: Robustness) -> None:
    plain = EXAMPLES.images / np.float32(255)
    rows = {(row["network"], row["case"]): row for row in table.rows()}
    for network in NETWORKS:
        for case in FEW[:2]:
            row = rows[network.name, case]
            images = evaluate.CASES[case](plain)
            assert row["accuracy"] == evaluate.accuracy(network, images, EXAMPLES.labels)
            assert (row["images"], row["of"]) == (COUNT, COUNT)


def test_the_other_columns(table: Robustness) -> None:
    row = table.rows()[0]
    assert set(row) == set(robustness.COLUMNS)
    traces = [NETWORKS[0].forward(part / np.float32(255)) for part in np.array_split(EXAMPLES.images, 10)]
    shares = np.concatenate([trace.probabilities for trace in traces]).astype(float)
    logits = np.sort(np.concatenate([trace.logits for trace in traces]), axis=1)
    right = shares.argmax(axis=1) == EXAMPLES.labels
    best = shares.max(axis=1)
    assert row["confidence"] == pytest.approx(best.mean(), abs=1e-5)
    assert row["entropy"] == pytest.approx(-(shares * np.log2(shares + 1e-30)).sum(axis=1).mean(), abs=1e-5)
    assert row["margin"] == pytest.approx((logits[:, -1] - logits[:, -2]).mean(), abs=1e-4)
    assert row["sure_but_wrong"] == pytest.approx((~right & (best >= 0.9)).mean())
    for label in range(10):
        assert row[f"accuracy_{label}"] == pytest.approx(right[EXAMPLES.labels == label].mean())


def test_processes_give_the_same_table(table: Robustness) -> None:
    assert measured(Robustness(NETWORKS, EXAMPLES, FEW), 2).rows() == table.rows()


def test_interrupted_it_goes_on(table: Robustness, tmp_path: Path) -> None:
    path = tmp_path / "journal"
    with Journal(path) as journal:
        first = Robustness(NETWORKS, EXAMPLES, FEW, journal)
        for number, _ in enumerate(first.run()):
            if number == 3:
                break
        assert 0 < first.done < first.total
        partial = first.rows()
        assert [row["images"] for row in partial][:3] == [COUNT, CHUNK, 0]
        assert "accuracy" not in partial[2]
        done = first.done
    with Journal(path) as journal:
        second = Robustness(NETWORKS, EXAMPLES, FEW, journal)
        assert second.done == done
        assert sum(second.run()) == second.total - done
        assert second.rows() == table.rows()
    with Journal(path) as journal:
        assert list(Robustness(NETWORKS, EXAMPLES, FEW, journal).run()) == []


def test_only_what_is_new_is_measured(tmp_path: Path) -> None:
    small = Examples(EXAMPLES.images[:50], EXAMPLES.labels[:50])
    with Journal(tmp_path / "journal") as journal:

        def answers(networks: list[nets.Network], examples: Examples, *cases: str) -> int:
            return sum(Robustness(networks, examples, cases, journal).run())

        assert answers(NETWORKS[:1], small, "clean") == 50
        assert answers(NETWORKS[:1], small, "clean") == 0
        assert answers(NETWORKS, small, "clean") == 50  # the other network's
        assert answers(NETWORKS, small, "clean", "scaled 0.8") == 100
        assert answers([zoo.random("mlp")], small, "clean") == 50  # of the same name, not the same
        shuffled = Examples(small.images[::-1], small.labels[::-1])
        assert answers(NETWORKS[:1], shuffled, "clean") == 50


def test_it_stops_when_told() -> None:
    table = Robustness(NETWORKS, EXAMPLES, FEW)
    assert sum(table.run(stop=lambda: table.done >= 2 * CHUNK)) == table.done == 2 * CHUNK


def test_the_same_network_twice_is_one() -> None:
    table = Robustness([NETWORKS[0], nets.load(NETWORKS[0].name)], EXAMPLES, ["clean", "clean"])
    assert table.total == COUNT


def test_what_cannot_be_measured_is_refused() -> None:
    with pytest.raises(ValueError, match="no case 'upside down'; there are clean"):
        Robustness(NETWORKS, EXAMPLES, ["upside down"])
    with pytest.raises(ValueError, match="at least"):
        Robustness([], EXAMPLES)
    with pytest.raises(ValueError, match="at least"):
        Robustness(NETWORKS, Examples(EXAMPLES.images[:0], EXAMPLES.labels[:0]))


def test_there_are_cases_of_all_kinds() -> None:
    assert set(evaluate.CASES) < set(CASES)
    assert len(CASES) == 14


def test_lines_of_text(table: Robustness) -> None:
    head, clean, *_ = robustness.accuracies(table.rows())
    assert head.split() == list(nets.names())
    first = table.rows()[0]
    assert clean.split()[:3] == ["clean", f"{100 * first['accuracy']:.2f}", "%"]
    empty = list(robustness.accuracies(Robustness(NETWORKS, EXAMPLES, FEW).rows()))
    assert empty[1].split() == ["clean", "–", "–"]


def neighbours(image: NDArray[np.float32]) -> Iterator[NDArray[np.float32]]:
    framed = np.pad(image, 1)
    for rows, columns in ((1, 1), (0, 1), (2, 1), (1, 0), (1, 2)):
        yield framed[rows : rows + 28, columns : columns + 28]


def test_thicker_and_thinner() -> None:
    images = EXAMPLES.images[:3] / np.float32(255)
    for image, thick, thin in zip(images, thickened(images, 1), thickened(images, -1), strict=True):
        assert thick == pytest.approx(np.max(list(neighbours(image)), axis=0), abs=1e-6)
        assert thin == pytest.approx(np.min(list(neighbours(image)), axis=0), abs=1e-6)
    assert thickened(images, 0.5) == pytest.approx((images + thickened(images, 1)) / 2)
    assert thickened(images, -0.25) == pytest.approx(0.75 * images + 0.25 * thickened(images, -1))


def test_noise_belongs_to_the_image() -> None:
    images = np.full((6, 28, 28), 0.5, np.float32)
    whole = noisy(images, np.arange(10, 16), 0.1)
    assert np.array_equal(whole[2:4], noisy(images[2:4], np.arange(12, 14), 0.1))
    assert whole.std() == pytest.approx(0.1, rel=0.05)
    assert not np.array_equal(whole[0], whole[1])
    assert noisy(images, np.arange(6), 9).max() == 1
