"""Long measurements on the page: progress, cancel, going on, the table, the ranking, files; by anybody."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from deep import deep, focus, small_targets
from driver import PATIENCE, Driver
from PIL import Image
from playwright.sync_api import Browser, FilePayload, Locator, Page, expect
from served import Served

from vizapp import nets
from vizapp.analysis import robustness, sources
from vizapp.analysis.batch import tables
from vizapp.analysis.ranking import Ranking
from vizapp.analysis.robustness import CASES, Robustness
from vizapp.inputs import reference
from vizapp.views.topics.batches import sample

SMALL_PIECES = "from vizapp.analysis import robustness; robustness.CHUNK = 50"
"""Much progress on a small sample."""
NAMES = list(nets.names())


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """What one test has measured is known to the next: each has a sample of its own size."""
    with Served(
        tmp_path_factory.mktemp("batch") / "log", "--batch-processes", "1", before=SMALL_PIECES
    ) as server:
        yield server


def opened(page: Page, server: Served) -> Locator:
    Driver(page).open(server.url)
    button(page).click()
    return dialog(page)


def button(page: Page) -> Locator:
    return page.get_by_role("button", name=re.compile("^Robustness"))


def dialog(page: Page) -> Locator:
    return page.get_by_role("dialog", name="Robustness")


def words(dialog: Locator) -> Locator:
    return dialog.locator(".steering .num").locator("visible=true")


def pile(dialog: Locator) -> Locator:
    """What is said of the images that were given."""
    return dialog.locator(".given > .muted")


def press(dialog: Locator, name: str) -> None:
    dialog.get_by_role("button", name=name, exact=True).click()


def choose(dialog: Locator, count: int, *cases: str) -> None:
    dialog.get_by_label("Images in the sample").fill(str(count))
    if cases:
        press(dialog, "None")
    for case in cases:
        dialog.get_by_role("checkbox", name=case).check()


def directly(count: int, cases: tuple[str, ...]) -> list[dict[str, Any]]:
    table = Robustness([nets.load(name) for name in NAMES], sample(count), cases)
    list(table.run())
    return table.rows()


def accuracies(dialog: Locator) -> list[list[str]]:
    """Of each case, that of each network, as the table shows it."""
    return dialog.locator("tbody tr").evaluate_all(
        "(rows) => rows.map((row) => [...row.querySelectorAll('td.first')].map((cell) => cell.textContent))"
    )


def files(count: int) -> list[FilePayload]:
    found: list[FilePayload] = []
    for index, image in enumerate(reference()[0][:count]):
        content = io.BytesIO()
        Image.fromarray(image).save(content, "PNG")
        found.append({"name": f"{index}.png", "mimeType": "image/png", "buffer": content.getvalue()})
    return found


# Tables


def test_a_sample_is_measured_while_the_dialog_is_closed(page: Page, server: Served) -> None:
    cases = ("clean", "rotated +30°")
    found = opened(page, server)
    choose(found, 400, *cases)
    press(found, "Start")
    page.keyboard.press("Escape")
    expect(found).to_be_hidden()
    expect(button(page)).to_have_text("Robustness: done")
    button(page).click()
    expect(button(page)).to_have_text("Robustness…")
    expect(words(found)).to_have_text("Done: 1,600 images × cases × networks.")
    rows = directly(400, cases)
    shown = [
        [
            f"{100 * row['accuracy']:.2f} %"
            for name in NAMES
            for row in rows
            if (row["network"], row["case"]) == (name, case)
        ]
        for case in cases
    ]
    assert accuracies(found) == shown
    found.get_by_label("Show").select_option("Digit by digit")
    expect(found.locator("tbody tr").first.locator("td")).to_have_count(20)
    expect(found.locator("tbody tr").first.locator("td").nth(3)).to_have_text(
        f"{100 * rows[0]['accuracy_3']:.1f}"
    )
    # As `vizapp sweep` writes it.
    with page.expect_download() as download:
        press(found, "Save as CSV")
    assert download.value.suggested_filename == "vizapp-robustness.csv"
    saved = list(csv.DictReader(io.StringIO(Path(download.value.path()).read_text("utf-8"))))
    written = tables.content(".csv", robustness.COLUMNS, rows).decode()
    assert [row["accuracy"] for row in saved] == [
        row["accuracy"] for row in csv.DictReader(io.StringIO(written))
    ]
    assert list(saved[0]) == list(robustness.COLUMNS)


def test_parquet(page: Page, server: Served, tmp_path: Path) -> None:
    arrow = pytest.importorskip("pyarrow.parquet")
    found = opened(page, server)
    choose(found, 300, "clean")
    press(found, "Start")
    expect(words(found)).to_contain_text("Done")
    with page.expect_download() as download:
        press(found, "Save as Parquet")
    download.value.save_as(tmp_path / download.value.suggested_filename)
    assert arrow.read_table(tmp_path / "vizapp-robustness.parquet").column_names == list(robustness.COLUMNS)


def test_cancelled_it_keeps_what_there_is_and_goes_on_from_there(page: Page, server: Served) -> None:
    found = opened(page, server)
    choose(found, 900)
    press(found, "Start")
    expect(button(page)).to_have_text(re.compile(r"Robustness: \d+ %"))
    expect(found.get_by_role("progressbar", name="Progress")).to_be_visible()
    expect(words(found)).to_have_text(re.compile(r"^[\d,]+ of 25,200"))
    press(found, "Cancel")
    expect(words(found)).to_have_text(re.compile(r"^Stopped at [\d,]+ of 25,200"))
    done = int(words(found).inner_text().split()[2].replace(",", ""))
    assert 0 < done < 25_200
    expect(found.get_by_role("progressbar")).to_be_hidden()
    expect(found.locator("tbody th", has_text="not yet").first).to_be_visible()
    assert "%" in accuracies(found)[0][0]
    # The same choice goes on, another one starts.
    expect(found.get_by_role("button", name="Go on")).to_be_enabled()
    box = found.get_by_role("checkbox", name="noise of 0.2")
    box.uncheck()
    expect(found.get_by_role("button", name="Start")).to_be_enabled()
    box.check()
    press(found, "Go on")
    expect(words(found)).to_have_text("Done: 25,200 images × cases × networks.")
    rows = directly(900, tuple(CASES))
    assert accuracies(found)[-1] == [
        f"{100 * row['accuracy']:.2f} %" for row in rows if row["case"] == "noise of 0.2"
    ]


def test_who_comes_second_waits(page: Page, browser: Browser, server: Served) -> None:
    found = opened(page, server)
    choose(found, 9000)
    press(found, "Start")
    expect(found.get_by_role("button", name="Cancel")).to_be_visible()
    context = browser.new_context()
    context.set_default_timeout(PATIENCE)
    other = opened(context.new_page(), server)
    choose(other, 200, "clean")
    press(other, "Start")
    expect(words(other)).to_have_text("Waiting: 1 before yours.")
    expect(button(other.page)).to_have_text("Robustness: waiting")
    # Who leaves the page leaves the queue.
    page.goto("about:blank")
    expect(words(other)).to_have_text("Done: 400 images × cases × networks.")
    context.close()


def test_what_cannot_be_measured_says_why(page: Page, server: Served) -> None:
    found = opened(page, server)
    press(found, "None")
    expect(words(found)).to_have_text("Choose a case.")
    expect(found.get_by_role("button", name="Start")).to_be_disabled()
    press(found, "All")
    found.get_by_label("Images in the sample").fill("7")
    expect(words(found)).to_have_text("A sample has 100 to 10,000 images.")


# Rankings


def test_images_of_ones_own_are_ranked_and_loaded(page: Page, server: Served) -> None:
    found = opened(page, server)
    press(found, "Images by ambiguity")
    found.get_by_role("radio", name="Images of your own").check()
    expect(found.get_by_role("button", name="Rank", exact=True)).to_be_disabled()
    given = files(8)
    text: FilePayload = {"name": "notes.txt", "mimeType": "text/plain", "buffer": b"no image"}
    found.locator("input[type=file]:not([webkitdirectory])").set_input_files([*given, text])
    expect(pile(found)).to_contain_text("9 images, 0.0 MB")
    expect(found.locator(".bad li")).to_have_text(
        ["notes.txt: This is not an image that can be read; PNG, JPEG, GIF, BMP and WebP are."]
    )
    press(found, "Rank")
    expect(words(found)).to_have_text("Done: 9 images.")
    direct = Ranking(
        [nets.load(name) for name in NAMES],
        [sources.given(file["name"], number, file["buffer"]) for number, file in enumerate(given)],
    )
    list(direct.run())
    names = [row["file"] for row in direct.rows()]
    expect(found.locator(".ranked .name")).to_have_text(names)
    first = direct.rows()[0]
    card = found.locator(".ranked button").first
    expect(card).to_contain_text(f"{first['first']} ({100 * first['probability']:.0f}\u00a0%)")
    expect(card).to_contain_text(f"{first['entropy']:.2f} bits")
    with page.expect_download() as download:
        press(found, "Save as CSV")
    saved = list(csv.DictReader(io.StringIO(Path(download.value.path()).read_text("utf-8"))))
    assert [row["file"] for row in saved] == [*names, "notes.txt"]
    driver = Driver(page)
    before = driver.saved
    card.click()
    expect(found).to_be_hidden()
    driver.until(lambda: driver.saved != before, "the image is on the pad")
    assert driver.state["drawing"]["image"]


def test_files_are_dropped_on_the_dialog_and_not_on_the_pad(page: Page, server: Served) -> None:
    found = opened(page, server)
    driver = Driver(page)
    before = driver.saved
    content = list(files(1)[0]["buffer"])
    transfer = page.evaluate_handle(
        """(content) => {
        const transfer = new DataTransfer();
        transfer.items.add(new File([new Uint8Array(content)], 'dropped.png', { type: 'image/png' }));
        return transfer;
        }""",
        content,
    )
    found.dispatch_event("drop", {"dataTransfer": transfer})
    expect(pile(found)).to_contain_text("1 image, 0.0 MB")
    expect(found.get_by_role("radio", name="Images of your own")).to_be_checked()
    press(found, "Forget them")
    expect(pile(found)).to_have_text("Or drop them here (at most 200, 8 MB together).")
    assert driver.saved == before


def test_the_test_images_are_ranked_page_by_page(page: Page, server: Served) -> None:
    found = opened(page, server)
    press(found, "Images by ambiguity")
    found.get_by_role("checkbox", name="CNN").uncheck()
    press(found, "Rank")
    expect(words(found)).to_have_text("Done: 10,000 images.")
    expect(found.get_by_text("1 of 250")).to_be_visible()
    press(found, "Next")
    expect(found.locator(".ranked button").first).to_contain_text("41. ")
    card = found.locator(".ranked button").nth(2)
    index = int(re.findall(r"test image (\d+)", card.inner_text())[0])
    driver = Driver(page)
    before = driver.saved
    card.click()
    driver.until(lambda: driver.saved != before, "the image is on the pad")
    assert (driver._restored().drawing.image * 255).round().astype(int).tolist() == reference()[0][
        index
    ].tolist()


# For everyone


def test_by_keyboard_alone(page: Page, server: Served) -> None:
    Driver(page).open(server.url)
    button(page).focus()
    page.keyboard.press("Enter")
    found = dialog(page)
    expect(found).to_be_visible()
    choose(found, 9500)
    found.get_by_role("button", name="Start").focus()
    page.keyboard.press("Space")
    expect(found.get_by_role("button", name="Cancel")).to_be_focused()
    page.keyboard.press("Space")
    expect(words(found)).to_have_text(re.compile("^Stopped"))
    expect(found.get_by_role("button", name=re.compile("^(Start|Go on)$"))).to_be_focused()
    page.keyboard.press("Escape")
    expect(found).to_be_hidden()
    assert focus(page)["name"].startswith("Robustness")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_axe_finds_nothing(browser: Browser, server: Served, theme: Any, width: int) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": 844},
        color_scheme=theme,
        has_touch=width < 500,
        is_mobile=width < 500,
    )
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    Driver(page).open(server.url)
    if width < 500:
        page.locator(".views [data-view=timeline]").click()
    button(page).click()
    found = dialog(page)
    said: dict[str, list[str]] = {"at first": violations(page)}
    choose(found, 600, "clean", "scaled 0.8")
    press(found, "Start")
    expect(words(found)).to_contain_text("Done")
    said["table"] = violations(page)
    press(found, "Images by ambiguity")
    found.locator("input[type=file]:not([webkitdirectory])").set_input_files(files(3))
    expect(pile(found)).to_contain_text("3 images")
    press(found, "Rank")
    expect(found.locator(".ranked button")).to_have_count(3)
    expect(words(found)).to_contain_text("Done")
    said["ranking"] = violations(page)
    context.close()
    assert {name: each for name, each in said.items() if each} == {}


def violations(page: Page) -> list[str]:
    # A colour on its way to another one is neither.
    deep(page, "deep.settled()")
    options = {"rules": {"target-size": {"enabled": True}}}
    found = Axe().run(page, options=options).response["violations"]
    return [
        *(f"{item['id']}: {item['help']}: {[n['html'][:160] for n in item['nodes']][:4]}" for item in found),
        *small_targets(page),
    ]


def test_where_the_operator_switched_it_off(page: Page, tmp_path: Path) -> None:
    with Served(tmp_path / "log", "--batch-processes", "0") as server:
        Driver(page).open(server.url)
        expect(button(page)).to_have_text("Robustness: off on this server")
        expect(button(page)).to_be_disabled()
