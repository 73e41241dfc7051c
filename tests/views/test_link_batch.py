"""Long measurements on the line: the same rows as directly, in turns, to be cancelled and gone on with."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from tests.analysis.test_ranking import make_hostile
from tests.views.batch_pages import FEW, RANKING, TABLE, BatchPage, png, refused
from tests.views.test_wire import check_carried, interface
from vizapp import nets
from vizapp.analysis import robustness, sources
from vizapp.analysis.batch import turns
from vizapp.analysis.batch.turns import Turns
from vizapp.analysis.ranking import Ranking
from vizapp.analysis.robustness import CASES, Robustness, mixed
from vizapp.inputs import reference
from vizapp.nets.data import Examples
from vizapp.views import batching
from vizapp.views.topics import batches
from vizapp.views.topics.batches import sample


@pytest.fixture(autouse=True)
def shared(monkeypatch: pytest.MonkeyPatch) -> Turns:
    """Nothing is known of earlier tests."""
    fresh = Turns(1)
    monkeypatch.setattr(turns, "SHARED", fresh)
    return fresh


@pytest.fixture
def page() -> Iterator[BatchPage]:
    page = BatchPage()
    yield page
    page._close(None)


def directly(choice: dict[str, Any]) -> list[dict[str, Any]]:
    networks = [nets.load(name) for name in choice["networks"]]
    table = Robustness(networks, sample(choice["images"]), choice["cases"])
    list(table.run())
    return table.rows()


# Tables


def test_the_rows_are_those_of_the_measurement_itself(page: BatchPage) -> None:
    told = page.measure(**TABLE)
    assert (told["state"], told["done"], told["total"]) == ("done", 900, 900)
    assert told["rows"] == directly(TABLE)
    assert {name: told["choice"][name] for name in ("networks", "cases", "images")} == {
        name: TABLE[name] for name in ("networks", "cases", "images")
    }
    check_carried(told)


def test_a_sample_is_always_the_same_and_all_classes_are_in_it() -> None:
    one, other = sample(500), sample(500)
    np.testing.assert_array_equal(one.images, other.images)
    assert np.bincount(one.labels, minlength=10).min() > 25
    everything = reference()
    ordered = mixed(Examples(*everything))
    assert sorted(image.tobytes() for image in ordered.images) == sorted(
        image.tobytes() for image in everything[0]
    )
    assert np.shares_memory(sample(10_000).images, everything[0])


def one_piece(page: BatchPage, monkeypatch: pytest.MonkeyPatch, **choice: Any) -> dict[str, Any]:
    """Start, and cancel as soon as something is done."""
    monkeypatch.setattr(turns, "_BETWEEN", 0.0)
    page.ask("batch_start", **choice)
    page.until(lambda told: told["done"] > 0, choice["kind"])
    page.ask("batch_stop", kind=choice["kind"])
    return page.until(lambda told: told["state"] in ("stopped", "done"), choice["kind"])


def test_cancelled_it_keeps_what_is_done_and_goes_on_from_there(
    page: BatchPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    choice = {"kind": "table", "networks": ["mlp", "cnn"], "cases": list(CASES), "images": 3000}
    told = one_piece(page, monkeypatch, **choice)
    assert told["state"] == "stopped"
    assert 0 < told["done"] < told["total"] == 3000 * len(CASES) * 2
    assert sum(row["images"] for row in told["rows"]) == told["done"]
    # Another page gets what is known already, and nothing is done twice.
    choice = {**choice, "cases": [row["case"] for row in told["rows"] if row["images"]]}
    other, done = BatchPage(), []
    once = Robustness.run
    monkeypatch.setattr(
        Robustness, "run", lambda *args, **more: (done.append(n) or n for n in once(*args, **more))
    )
    known = sum(row["images"] for row in told["rows"] if row["case"] in choice["cases"])
    end = other.measure(**choice)
    assert end["state"] == "done"
    assert sum(done) == end["total"] - known
    assert end["rows"] == directly(choice)


def test_one_at_a_time_and_who_waits_knows_how_many_are_before(monkeypatch: pytest.MonkeyPatch) -> None:
    pages = [BatchPage() for _ in range(3)]
    for number, page in enumerate(pages):
        page.ask("batch_start", **{**TABLE, "images": 9000 + number, "cases": list(CASES)})
    assert [page.told()["before"] for page in pages] == [0, 1, 2]
    assert [page.told()["state"] for page in pages] == ["working", "waiting", "waiting"]
    assert "One measurement at a time" in refused(pages[1].ask("batch_start", **TABLE))
    # Who leaves makes room, before and during the work.
    pages[1].ask("batch_stop", kind="table")
    assert pages[1].until(lambda told: told["state"] == "stopped")["done"] == 0
    pages[2].until(lambda told: told["before"] == 1)
    pages[0]._close(None)
    end = pages[2].until(lambda told: told["state"] == "working")
    assert end["before"] == 0
    pages[2].ask("batch_stop", kind="table")
    pages[2].until(lambda told: told["state"] == "stopped")


def test_a_session_that_ends_ends_its_measurement(shared: Turns, page: BatchPage) -> None:
    page.ask("batch_start", **{**TABLE, "images": 10_000, "cases": list(CASES)})
    turn = shared._turns[0]
    page._close(None)
    assert turn.state in ("stopping", "stopped")
    other = BatchPage()
    assert other.measure(**TABLE)["state"] == "done"
    assert turn.state == "stopped"


def test_too_many_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "MAX_WAITING", 1)
    pages = [BatchPage() for _ in range(3)]
    heard = [page.ask("batch_start", **{**TABLE, "images": 10_000}) for page in pages]
    assert "Too many wait" in heard[2][0]["text"]
    for page in pages:
        page._close(None)


def test_where_the_operator_switched_it_off(page: BatchPage, shared: Turns) -> None:
    shared.processes = 0
    assert "switched" in refused(page.ask("batch_start", **TABLE))


def test_the_scheduler_is_the_operators(
    page: BatchPage, shared: Turns, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Any] = []

    def run(self: Robustness, processes: int, scheduler: str | None, stop: Any, aside: bool) -> Iterator[int]:
        asked.append((processes, scheduler, aside))
        return iter(())

    monkeypatch.setattr(Robustness, "run", run)
    shared.scheduler = "tcp://cluster:8786"
    page.measure(**TABLE, scheduler="tcp://evil:1", processes=99)
    assert asked == [(1, "tcp://cluster:8786", True)]


def test_a_failure_is_a_sentence_and_keeps_what_is_done(
    page: BatchPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def run(self: Robustness, *_: Any, **__: Any) -> Iterator[int]:
        yield 0
        raise turns.JobError("The cluster is gone.")

    monkeypatch.setattr(Robustness, "run", run)
    told = page.measure(**TABLE)
    assert (told["state"], told["problem"]) == ("failed", "The cluster is gone.")
    monkeypatch.undo()
    monkeypatch.setattr(turns, "SHARED", Turns(1))
    assert page.measure(**TABLE)["state"] == "done"


def test_where_the_cluster_is_is_nobodys_business(
    page: BatchPage, shared: Turns, monkeypatch: pytest.MonkeyPatch
) -> None:
    def client(address: str, **_: Any) -> None:
        raise OSError(f"Timed out trying to connect to {address}")

    for name, content in (("dask", {}), ("dask.distributed", {"Client": client})):
        monkeypatch.setitem(sys.modules, name, SimpleNamespace(**content))
    shared.scheduler = "tcp://inside:8786"
    told = page.measure(**TABLE)
    assert told["state"] == "failed"
    assert told["problem"]
    assert "inside" not in told["problem"]


def test_files_are_those_of_the_command_line(page: BatchPage) -> None:
    page.measure(**TABLE)
    (message,) = page.ask("batch_save", kind="table", form="csv")
    check_carried(message)
    assert message["name"] == "vizapp-robustness.csv"
    rows = list(csv.reader(io.StringIO(message["data"].tobytes().decode())))
    assert rows[0] == list(robustness.COLUMNS)
    assert [row[2] for row in rows[1:]] == FEW
    arrow = pytest.importorskip("pyarrow.parquet")
    (message,) = page.ask("batch_save", kind="table", form="parquet")
    assert arrow.read_table(io.BytesIO(message["data"].tobytes())).to_pylist() == directly(TABLE)


def test_without_pyarrow_it_says_what_to_install(page: BatchPage, monkeypatch: pytest.MonkeyPatch) -> None:
    page.measure(**TABLE)
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    (message,) = page.ask("batch_save", kind="table", form="parquet")
    assert message["type"] == "batch_problem"
    assert "pip install 'vizapp[parquet]'" in message["text"]


# Rankings


def test_given_images_are_ranked_and_go_to_the_pad(page: BatchPage) -> None:
    pictures = [png(image) for image in reference()[0][:12]]
    for number, data in enumerate(pictures):
        (pile,) = page.ask("batch_give", name=f"{number}.png", data=data)
        assert (pile["count"], pile["bad"]) == (number + 1, [])
    told = page.measure(**RANKING)
    assert (told["state"], told["done"], told["total"], told["rows"]) == ("done", 12, 12, [])
    direct = Ranking(
        [nets.load(name) for name in nets.names()],
        [sources.given(f"{number}.png", number, data) for number, data in enumerate(pictures)],
    )
    list(direct.run())
    (listed,) = page.ask("batch_list", seq=3, page=0)
    check_carried(listed)
    assert (listed["ack"], listed["pages"], listed["count"]) == (3, 1, 12)
    assert [item["title"] for item in listed["items"]] == [row["file"] for row in direct.rows()]
    assert [item["entropy"] for item in listed["items"]] == [row["entropy"] for row in direct.rows()]
    shown = listed["images"].reshape(-1, 28, 28)[0]
    first = listed["items"][0]["index"]
    np.testing.assert_array_equal(shown, direct.seen(direct.files[first]))
    page.ask("batch_show", index=first)
    np.testing.assert_allclose(page.explorer.drawing.image, shown / 255, atol=1e-6)
    (message,) = page.ask("batch_save", kind="ranking", form="csv")
    rows = list(csv.reader(io.StringIO(message["data"].tobytes().decode())))
    assert rows[0] == list(direct.columns)
    assert [row[0] for row in rows[1:]] == [row["file"] for row in direct.rows()]


def test_test_images_are_ranked(page: BatchPage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "tested", lambda: sources.tested()[:2])
    told = page.measure(**{**RANKING, "of": "test"})
    assert (told["state"], told["total"]) == ("done", 1000)
    (listed,) = page.ask("batch_list", seq=1, page=0)
    assert (listed["pages"], len(listed["items"])) == (25, 40)
    entropies = [item["entropy"] for item in listed["items"]]
    assert entropies == sorted(entropies, reverse=True)
    index = listed["items"][0]["index"]
    np.testing.assert_array_equal(listed["images"].reshape(-1, 28, 28)[0], reference()[0][index])
    assert str(index) in listed["items"][0]["title"]
    page.ask("load", source="reference", index=index)
    np.testing.assert_allclose(page.explorer.drawing.image, reference()[0][index] / 255, atol=1e-6)
    (last,) = page.ask("batch_list", seq=2, page=1000)
    assert (last["page"], len(last["items"])) == (24, 40)


def test_nothing_given_by_one_is_seen_by_another(page: BatchPage) -> None:
    page.ask("batch_give", name="mine.png", data=png(reference()[0][0]))
    page.measure(**RANKING)
    assert len(turns.SHARED.known) == 0
    other = BatchPage()
    assert other.ask("batch_list", seq=1, page=0) == []
    assert "no images to rank" in refused(other.ask("batch_start", **RANKING))
    assert "no such image" in refused(other.ask("batch_show", index=0))
    (pile,) = page.ask("batch_forget")
    assert pile["count"] == 0
    assert "no images to rank" in refused(page.ask("batch_start", **RANKING))


# Hostile


def test_hostile_files_are_rows_with_a_reason(page: BatchPage, tmp_path: Path) -> None:
    expected = {name: words for name, words in make_hostile(tmp_path).items() if "json" not in name}
    for name in expected:
        path = tmp_path / name.replace("\\n", "\n")
        if path.is_file():
            page.ask("batch_give", name=path.name, data=path.read_bytes())
    page.ask("batch_give", name="/etc/passwd", data=b"../../etc/passwd")
    page.ask("batch_give", name="cut.png", data=png(reference()[0][0])[:-80])
    page.ask("batch_give", name="good.png", data=png(reference()[0][0]))
    told = page.measure(**RANKING)
    assert told["state"] == "done"
    (listed,) = page.ask("batch_list", seq=1, page=0)
    good, *bad = listed["items"]
    assert good["title"] == "good.png"
    assert all(item["problem"] and item["title"].isprintable() for item in bad)
    said = {item["title"].strip("'"): item["problem"] for item in bad}
    assert all(words in said[name] for name, words in expected.items() if name in said)
    assert {"bomb.png", "wide.png", "archive.png", "empty.gif", "/etc/passwd", "cut.png"} <= set(said)


def test_of_a_bomb_nothing_is_kept_or_unpacked(page: BatchPage, tmp_path: Path) -> None:
    make_hostile(tmp_path)
    (pile,) = page.ask("batch_give", name="bomb.png", data=(tmp_path / "bomb.png").read_bytes())
    assert (pile["count"], pile["bytes"]) == (1, 0)
    assert "million pixels" in pile["bad"][0]["problem"]


def test_the_pile_is_bounded(page: BatchPage, monkeypatch: pytest.MonkeyPatch) -> None:
    image = png(reference()[0][0])
    monkeypatch.setattr(batches, "MAX_GIVEN", 2)
    page.ask("batch_give", name="a", data=image)
    page.ask("batch_give", name="b", data=image)
    assert "At most 2 images" in refused(page.ask("batch_give", name="c", data=image))
    monkeypatch.setattr(batches, "MAX_GIVEN", 3)
    monkeypatch.setattr(batches, "MAX_BYTES", 2 * len(image) + 10)
    assert "MB of images" in refused(page.ask("batch_give", name="c", data=image))


@pytest.mark.parametrize(
    "message",
    [
        {"type": "batch_start"},
        {"type": "batch_start", "kind": "shell"},
        {"type": "batch_start", **TABLE, "networks": []},
        {"type": "batch_start", **TABLE, "networks": ["../weights"]},
        {"type": "batch_start", **TABLE, "networks": ["mlp"] * 1000},
        {"type": "batch_start", **TABLE, "networks": "mlp"},
        {"type": "batch_start", **TABLE, "networks": [["mlp"]]},
        {"type": "batch_start", **TABLE, "cases": [1]},
        {"type": "batch_start", **TABLE, "cases": {"clean": 1}},
        {"type": "batch_start", **TABLE, "images": 0},
        {"type": "batch_start", **TABLE, "images": 10_001},
        {"type": "batch_start", **TABLE, "images": True},
        {"type": "batch_start", **TABLE, "images": 1.5},
        {"type": "batch_start", **RANKING, "of": "/etc"},
        {"type": "batch_start", **RANKING, "of": ["test"]},
        {"type": "batch_start", **RANKING},
        {"type": "batch_stop"},
        {"type": "batch_stop", "kind": 3},
        {"type": "batch_give", "name": "a.png"},
        {"type": "batch_give", "name": "a.png", "data": "/etc/passwd"},
        {"type": "batch_give", "name": "x" * 2000, "data": b""},
        {"type": "batch_give", "data": b""},
        {"type": "batch_list", "seq": 1, "page": -1},
        {"type": "batch_show", "index": 0},
        {"type": "batch_show", "index": -1},
        {"type": "batch_show", "index": "0"},
        {"type": "batch_save", "kind": "table", "form": "exe"},
        {"type": "batch_save", "kind": "table", "form": "csv"},
    ],
    ids=str,
)
def test_what_no_page_of_ours_says_is_told_off(page: BatchPage, message: dict[str, Any]) -> None:
    said = refused(page.say(message))
    assert len(said) < 400
    assert "went wrong" not in said


def test_python_and_typescript_agree_on_the_fields(page: BatchPage) -> None:
    path = Path(batching.__file__).parent / "js/src/batch/messages.ts"
    if not path.exists():
        pytest.skip("an installed package has no TypeScript")
    (pile,) = page.ask("batch_give", name="a.png", data=png(reference()[0][0]))
    page.ask("batch_give", name="b.png", data=b"no")
    (pile,) = page.ask("batch_give", name="c.png", data=b"no")
    assert set(pile) == interface("PileMessage", path)
    assert set(pile["bad"][0]) == interface("BadImage", path)
    told = page.measure(**RANKING)
    assert set(told) == interface("BatchMessage", path)
    assert set(told["choice"]) == interface("BatchChoice", path)
    (listed,) = page.ask("batch_list", seq=1, page=0)
    assert set(listed) == interface("RankedMessage", path)
    assert set(listed["items"][0]) == interface("RankedItem", path)
    assert set(listed["items"][0]["each"][0]) == interface("NetworkAnswer", path)
    (file,) = page.ask("batch_save", kind="ranking", form="csv")
    assert set(file) == interface("BatchFileMessage", path)
