"""For everyone: no violation that axe knows of, everything by keyboard, and what a screen reader is told."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from deep import deep, focus
from driver import ONE, PATIENCE, SEVEN, Driver
from playwright.sync_api import Browser, Page, expect
from served import Served

RULES = {"rules": {"target-size": {"enabled": True}}}


def violations(page: Page) -> list[str]:
    # A colour on its way to another one is neither.
    deep(page, "deep.settled()")
    found = Axe().run(page, options=RULES).response
    # It looks into shadow roots, or it would find nothing ever.
    seen = str([node["html"] for rule in found["passes"] for node in rule["nodes"]])
    modal = deep(page, "deep.walk().some((e) => e instanceof HTMLDialogElement && e.open)")
    assert modal or "Eraser" in seen
    return [
        f"{item['impact']}: {item['id']}: {item['help']}: {[n['html'][:160] for n in item['nodes']][:4]}"
        for item in found["violations"]
    ]


def select(page: Page, text: str) -> None:
    field = page.get_by_role("combobox", name="Find nodes")
    field.fill(text)
    expect(page.get_by_role("listbox", name="Found nodes").get_by_role("option").first).to_be_visible()
    field.press("Enter")
    expect(page.get_by_test_id("spoken")).to_contain_text("selected")


def summary(name: str) -> Callable[[Page], None]:
    return lambda page: page.locator("summary", has_text=name).click()


def button(name: str) -> Callable[[Page], None]:
    return lambda page: page.get_by_role("button", name=name, exact=True).click()


def sweep(page: Page) -> None:
    page.get_by_role("button", name="Morph 1 → 2").click()
    expect(page.locator(".v-timeline .numbers-of td").first).to_be_visible()
    page.get_by_role("switch", name="Both networks").click()


OPENED: dict[str, Callable[[Page], None]] = {
    "filter": summary("Filter edges"),
    "layers": summary("Layers"),
    "share": button("Share…"),
    "help": button("Help"),
    "examples": button("Examples…"),
    "table": button("Table: what the network sees"),
    "picture": lambda page: page.locator('summary[aria-label="Picture of the drawing"]').click(),
    "search": lambda page: page.get_by_role("combobox", name="Find nodes").fill("strongest 10 in fc2"),
}

FILLED = {"examples": ".thumb", "table": ".numbers td", "search": "[role=option]"}


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_axe_finds_nothing(browser: Browser, server: Served, theme: Any, width: int) -> None:
    size = {"width": width, "height": 900 if width > 390 else 844}
    context = browser.new_context(
        viewport=size, color_scheme=theme, has_touch=width < 500, is_mobile=width < 500
    )  # type: ignore[arg-type]
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    Driver(page).open(server.url)
    found = {"at first": violations(page)}
    select(page, "conv2 map 7 (3, 4)")
    found["selected"] = violations(page)
    for name, open_it in OPENED.items():
        open_it(page)
        if name in FILLED:
            expect(page.locator(FILLED[name]).first).to_be_visible()
        found[name] = violations(page)
        page.keyboard.press("Escape")
    if width == 390:
        for view in ("scene", "inspector", "timeline"):
            page.locator(f".views [data-view={view}]").click()
            found[view] = violations(page)
        sweep(page)
        found["sweep"] = violations(page)
    elif theme == "dark":
        button("Step through")(page)
        expect(page.get_by_role("group", name="Player")).to_be_visible()
        found["walk"] = violations(page)
    else:
        sweep(page)
        found["sweep"] = violations(page)
    context.close()
    assert {name: said for name, said in found.items() if said} == {}


# Names and roles


def test_a_screen_reader_finds_its_way(page: Page, server: Served) -> None:
    Driver(page).open(server.url)
    expect(page.get_by_role("banner")).to_have_count(1)
    expect(page.get_by_role("main")).to_have_count(1)
    for name in ("Input", "Network", "Inspector", "Timeline"):
        expect(page.get_by_role("region", name=name, exact=True)).to_be_visible()
    pad = page.get_by_role("region", name="Drawing", exact=True)
    expect(pad.get_by_role("application", name="Drawing pad")).to_be_visible()
    tools = pad.get_by_role("toolbar", name="Drawing tools")
    for name in ("Pen", "Eraser", "Undo", "Redo", "Clear"):
        expect(tools.get_by_role("button", name=name, exact=True)).to_be_visible()
    expect(tools.get_by_role("slider", name="Width")).to_be_visible()
    answer = page.get_by_role("region", name="Answer", exact=True)
    expect(
        answer.get_by_role("list", name="Probability of each digit").get_by_role("listitem")
    ).to_have_count(10)
    sees = page.get_by_role("region", name="What the network sees")
    expect(sees.get_by_role("img", name="The 28 by 28 pixels that the network sees")).to_be_visible()
    for name in ("Flat plot", "3D scene"):
        pane = page.get_by_role("region", name=name, exact=True)
        expect(pane.get_by_role("application").first).to_be_visible()
        expect(pane.get_by_role("button", name="Table: the")).to_be_visible()
    nameless = deep(
        page, "deep.controls().filter((e) => deep.nameOf(e).startsWith('<')).map((e) => e.outerHTML)"
    )
    assert nameless == []


# The answer is said once


def listen(page: Page) -> None:
    """Keep every text that the answer's live region comes to have."""
    page.get_by_test_id("said").evaluate(
        """(e) => { window.heard = []; new MutationObserver(() => window.heard.push(e.textContent))
          .observe(e, { childList: true, characterData: true, subtree: true }); }"""
    )


def heard(page: Page) -> list[str]:
    return page.evaluate("window.heard")


def sentence(driver: Driver) -> str:
    probabilities = driver.trace().probabilities[0]
    first, second = (int(digit) for digit in (-probabilities).argsort()[:2])
    return f"{first} with {100 * probabilities[first]:.0f} %, then {second} with {100 * probabilities[second]:.0f} %"


HELD = """
  const [set, clear, held] = [window.setTimeout, window.clearTimeout, new Map()];
  let next = 1e9;
  window.setTimeout = (act, ms, ...rest) => {
    if (ms !== 700) return set(act, ms, ...rest);
    held.set(++next, act);
    return next;
  };
  window.clearTimeout = (id) => held.delete(id) || clear(id);
  window.rest = () => [...held].forEach(([id, act]) => held.delete(id) && act());
"""
"""Time for the answer to be said comes when the test says so: a long time without a movement."""


def test_the_answer_is_said_once_when_the_pen_rests(page: Page, server: Served) -> None:
    page.add_init_script(HELD)
    driver = Driver(page).open(server.url)
    said = page.get_by_test_id("said")
    expect(said).to_be_empty()
    page.evaluate("rest()")
    expect(said).not_to_be_empty()
    listen(page)
    answers = driver.measures("vizapp:pen-to-answer")
    driver.draw(SEVEN, lift=False)
    driver.until(lambda: driver.measures("vizapp:pen-to-answer") > answers, "the answer follows the pen")
    # The pen rests on the paper.
    page.evaluate("rest()")
    assert heard(page) == []
    before = driver.saved
    page.mouse.up()
    driver.until(lambda: driver.saved != before, "the stroke has arrived")
    driver.check_answer()
    page.evaluate("rest()")
    assert heard(page) == [sentence(driver)]
    # What does not change the answer says nothing.
    driver.choose("Colours per", "map")
    page.evaluate("rest()")
    assert len(heard(page)) == 1
    driver.press("Clear")
    expect(driver.first).to_have_text("–")
    page.evaluate("rest()")
    assert heard(page)[1:] == ["No answer: the pad is empty."]


def test_nothing_is_said_while_the_pen_or_the_pointer_moves(page: Page, server: Served) -> None:
    page.add_init_script(HELD)
    driver = Driver(page).open(server.url)
    page.evaluate("rest()")
    deep(
        page,
        """() => {
          window.heard = [];
          const live = '[aria-live]:not([aria-live=off]), [role=status], [role=alert], [role=log], output';
          for (const e of deep.walk().filter((each) => each.matches(live)))
            new MutationObserver(() => window.heard.push(e.textContent))
              .observe(e, { childList: true, characterData: true, subtree: true });
        }""",
    )
    answers = driver.measures("vizapp:pen-to-answer")
    driver.draw(SEVEN, lift=False)
    driver.until(lambda: driver.measures("vizapp:pen-to-answer") > answers, "the answer follows the pen")
    before = driver.saved
    page.mouse.up()
    driver.until(lambda: driver.saved != before, "the stroke has arrived")
    for node in (5000, 6000, 7000):
        page.mouse.move(*driver.flat_place(node))
        expect(driver.readout).not_to_have_text("Point at a node")
    assert heard(page) == []


# By keyboard alone


def tab(page: Page, most: int = 150, key: str = "Tab") -> list[dict[str, Any]]:
    """What Tab reaches from where the focus is, in order, until it leaves the page."""
    reached: list[dict[str, Any]] = []
    for _ in range(most):
        page.keyboard.press(key)
        element = deep(
            page,
            """() => {
              const element = deep.focused();
              if (!element || element === document.body) return null;
              const rings = (e) => { const s = getComputedStyle(e);
                return (s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 1) || s.boxShadow !== 'none'; };
              let shown = rings(element);
              for (let e = element; e && !shown; e = deep.parentOf(e))
                if (e.matches('.pad-figure, .v-search')) shown = rings(e);
                else if (e.matches('.v-flat')) shown = e.classList.contains('keyboard');
              return { ...deep.focus(), title: element.title, shown };
            }""",
        )
        if element is None:
            break
        reached.append(element)
    return reached


WANTED = """
  Skip to the workspace, Find nodes, Share…, Theme, Help, Drawing pad, Pen, Eraser, Clear, Width,
  Picture of the drawing, Fit and centre, Examples…, Image…, Table: what the network sees, Width of the input,
  Fold the input, Flat plot, Zoom in, Table: the flat plot, Width of the flat plot, 3D view, Front, Flatten,
  Picture of the 3D scene, Filter edges, Layers, Width of the inspector, Fold the inspector, Fold the timeline,
  Step through"""


def test_the_keyboard_reaches_everything_and_shows_where_it_is(page: Page, server: Served) -> None:
    Driver(page).open(server.url)
    reached = tab(page)
    names = [item["name"] for item in reached]
    for name in map(str.strip, WANTED.split(",")):
        assert any(name in each for each in names), f"{name!r} is not reached: {names}"
    assert [item for item in reached if not item["shown"]] == []
    assert [item for item in reached if item["name"].startswith("<")] == []
    # A group of options is one stop.
    assert [name for name in names if name in ("MLP", "CNN", "mlp", "cnn")] == ["cnn"]
    # As they are read: header, input, network, inspector, timeline.
    order = [next(i for i, each in enumerate(names) if name in each) for name in (
        "Help", "Drawing pad", "Fit and centre", "Flat plot", "3D view", "Filter edges", "Step through")]  # fmt: skip
    assert order == sorted(order)


def test_the_skip_link_leads_past_the_header(page: Page, server: Served) -> None:
    Driver(page).open(server.url)
    page.keyboard.press("Tab")
    assert focus(page)["name"] == "Skip to the workspace"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert focus(page)["name"].startswith("Drawing pad")


def test_a_choice_is_made_with_the_arrow_keys(page: Page, server: Served) -> None:
    driver = Driver(page).open(server.url)
    page.get_by_role("radio", name="cnn").focus()
    page.keyboard.press("ArrowRight")
    driver.until(lambda: driver.network == "mlp", "the arrow chose the other network")
    expect(page.get_by_role("radio", name="mlp")).to_be_focused()


@pytest.mark.parametrize("name", ["Help", "Examples…", "Share…", "Table: the 3D scene"])
def test_dialogs_hold_the_focus_and_give_it_back(page: Page, server: Served, name: str) -> None:
    Driver(page).open(server.url)
    page.get_by_role("button", name=name, exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    assert [item for item in tab(page, most=40) if item["name"] in ("Pen", "Theme", "Step through")] == []
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).not_to_be_visible()
    assert focus(page)["name"] == name


@pytest.mark.parametrize("name", ["Filter edges", "Layers", "Picture of the flat plot"])
def test_popovers_close_by_escape_and_by_leaving_them(page: Page, server: Served, name: str) -> None:
    Driver(page).open(server.url)
    opener = (
        page.locator("summary").filter(has_text=name) if "Picture" not in name else page.get_by_label(name)
    )
    panel = page.locator(".layer:popover-open")
    opener.focus()
    page.keyboard.press("Enter")
    expect(panel).to_be_visible()
    page.keyboard.press("Tab")
    inside = focus(page)["name"]
    assert inside != name
    page.keyboard.press("Escape")
    expect(panel).to_have_count(0)
    assert name in focus(page)["name"]
    page.keyboard.press("Enter")
    expect(panel).to_be_visible()
    page.keyboard.press("Shift+Tab")
    expect(panel).to_have_count(0)


def test_drawing_with_the_keyboard(page: Page, server: Served) -> None:
    driver = Driver(page).open(server.url)
    before = driver.saved
    page.get_by_role("application", name="Drawing pad").focus()
    cross = page.locator(".crosshair")
    # From the middle to the top, down with the pen, and all the way to the bottom.
    for key in ("Shift+ArrowUp", "Shift+ArrowUp", "ArrowUp", "ArrowUp", "Space"):
        page.keyboard.press(key)
    expect(cross).to_be_visible()
    expect(page.locator(".pad-figure [role=status]")).to_have_text("Pen down at column 14, row 4")
    for _ in range(5):
        page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("Space")
    driver.until(lambda: driver.saved != before, "the stroke has arrived")
    [stroke] = driver.strokes
    assert stroke[0] == pytest.approx([14 / 28, 4 / 28], abs=1e-3)
    assert stroke[-1] == pytest.approx([14 / 28, 24 / 28], abs=1e-3)
    driver.check_answer()
    expect(driver.first).to_have_text("1")
    # The eraser draws as well, and what is drawn is undone like everything else.
    driver.button("Eraser").focus()
    page.keyboard.press("Enter")
    page.get_by_role("application", name="Drawing pad").focus()
    kept = driver.saved
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Escape")
    driver.until(lambda: driver.saved != kept, "the eraser's stroke has arrived")
    assert driver.drawn[-1].erase
    page.keyboard.press("Control+z")
    driver.until(lambda: len(driver.drawn) == 1, "it is undone")


def test_the_pen_is_lifted_when_the_keyboard_leaves_the_pad(page: Page, server: Served) -> None:
    driver = Driver(page).open(server.url)
    before = driver.saved
    page.get_by_role("application", name="Drawing pad").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("Tab")
    driver.until(lambda: driver.saved != before, "the stroke has ended")
    expect(page.locator(".crosshair")).to_be_hidden()
    # And the mouse draws on.
    driver.draw(ONE)
    assert len(driver.drawn) == 2
