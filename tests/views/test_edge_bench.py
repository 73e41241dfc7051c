"""What the benchmark of the edge raster prints, and the bounds among it that are not times."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import islice

import pytest

from vizapp import nets
from vizapp.analysis.lenses import LENSES
from vizapp.bench import flat, movements
from vizapp.explorer import Explorer
from vizapp.views import edge_bench


def few(explorer: Explorer) -> Sequence[Callable[[], None]]:
    return list(islice(movements(explorer), 3))


@pytest.mark.parametrize("name", nets.names())
def test_every_figure_is_there_and_messages_and_operators_keep_their_bounds(name: str) -> None:
    figures = edge_bench.measure(name, few, repeat=1)
    numbers = dict(flat(figures))
    assert all(value >= 0 for value in numbers.values())
    for size in ("500x300", "1000x600"):
        for figure in ("build_s", "operator_bytes", "ms.full", "ms.update", "ratio.full", "ratio.update"):
            assert numbers[f"operator.sizes.{size}.{figure}"] > 0
        assert numbers[f"operator.sizes.{size}.error_of_maximum"] < 0.01
    assert numbers["operator.edges"] == sum(
        len(nets.load(name).edges_of(layer.name)) for layer in nets.load(name).layers[1:]
    )
    for pane in edge_bench.PANES:
        for lens in LENSES:
            at = f"session.{pane}.{lens}"
            assert numbers[f"{at}.message_bytes_deflated"] < numbers[f"{at}.message_bytes"] < 100_000
    # Both panes of both networks start from less than 300 MB together.
    assert numbers["memory.operators_bytes"] < 150e6
