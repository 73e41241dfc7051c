"""Looks into shadow roots: which controls there are, whether they can be pressed, what is cut off."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page

WALK = """
  const walk = (root, out = []) => {
    for (const element of root.querySelectorAll('*')) {
      out.push(element);
      if (element.shadowRoot) walk(element.shadowRoot, out);
    }
    return out;
  };
  const parentOf = (element) => element.parentElement ?? element.getRootNode().host ?? null;
  const inside = (element, other) => {
    for (let e = element; e; e = e.assignedSlot ?? parentOf(e)) if (e === other) return true;
    return false;
  };
  const at = (x, y) => {
    let element = document.elementFromPoint(x, y);
    while (element?.shadowRoot?.elementFromPoint(x, y) && element.shadowRoot.elementFromPoint(x, y) !== element)
      element = element.shadowRoot.elementFromPoint(x, y);
    return element;
  };
  const focused = () => {
    let element = document.activeElement;
    while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
    return element;
  };
  const nameOf = (e) => (e.getAttribute('aria-label') || e.labels?.[0]?.textContent || e.textContent || e.title || '')
    .trim().replace(/\\s+/g, ' ') || `<${e.tagName.toLowerCase()} class="${e.className}">`;
  const seen = (e) => e.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && e.getClientRects().length > 0;
  const CONTROL = 'button, input, select, textarea, summary, a[href], [tabindex="0"]';
  // What a person can see and press, unless a dialog keeps them from it.
  const controls = () => {
    const all = walk(document).filter((e) => e.matches(CONTROL) && seen(e));
    const modal = all.map((e) => { let d = e; while (d && !(d instanceof HTMLDialogElement)) d = parentOf(d); return d; })
      .find((d) => d?.open);
    const rest = modal ? all.filter((e) => inside(e, modal)) : all;
    return rest.filter((e) => !e.matches('.skip, [type=file], .bk-events') || e.getAttribute('role') === 'application');
  };
"""


def deep(page: Page, body: str, argument: Any = None) -> Any:
    """Run the body of a JavaScript function that knows the helpers above, and `given`."""
    return page.evaluate("(given) => {" + WALK + body + "}", argument)


def unpressable(page: Page) -> list[str]:
    """Controls in sight whose centre belongs to something else: covered, or cut off by what they stand in.

    What can be scrolled to is scrolled to first, as a person would.
    """
    return deep(
        page,
        """
        const found = [];
        for (const control of controls()) {
          // A splitter is taken anywhere along its line.
          if (control.disabled || control.getAttribute('role') === 'separator') continue;
          control.scrollIntoView({ block: 'nearest', inline: 'nearest', behavior: 'instant' });
          const box = control.getBoundingClientRect();
          const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
          const hit = at(x, y);
          // A check box is pressed by its label, too.
          const owners = [control, ...(control.labels ?? [])];
          if (!hit || !owners.some((owner) => inside(hit, owner)))
            found.push(`${nameOf(control)} at ${Math.round(x)}, ${Math.round(y)} is under ${hit ? nameOf(hit).slice(0, 60) : 'nothing'}`);
        }
        scrollTo(0, 0);
        return found;
        """,
    )


def cut_off(page: Page) -> list[str]:
    """Texts and boxes wider than the room they have, where no scroll bar and no dots make up for it."""
    return deep(
        page,
        """
        const found = [];
        const screen = document.documentElement.clientWidth;
        for (const e of walk(document)) {
          if (!seen(e) || e.closest('.skip, .visually-hidden, [aria-hidden=true], svg, .hidden-root, math')) continue;
          const style = getComputedStyle(e);
          if (style.clipPath !== 'none' || e.matches('option, canvas')) continue;
          const own = [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
          const box = e.getBoundingClientRect();
          if (box.width < 2) continue;
          let held = e;
          while (held && getComputedStyle(held).overflowX === 'visible') held = parentOf(held);
          const scrolls = held && ['auto', 'scroll'].includes(getComputedStyle(held).overflowX) && held !== document.documentElement && held !== document.body;
          if (!scrolls && (box.left < -1 || box.right > screen + 1)) found.push(`${nameOf(e).slice(0, 60)} is beside the screen`);
          const dots = style.textOverflow === 'ellipsis';
          if (own && !dots && style.overflowX !== 'auto' && style.overflowX !== 'scroll' && e.scrollWidth > e.clientWidth + 1 && e.clientWidth > 0)
            found.push(`${nameOf(e).slice(0, 60)}: ${e.scrollWidth} px in ${e.clientWidth}`);
        }
        return [...new Set(found)];
        """,
    )


def small_targets(page: Page, least: float = 24) -> list[str]:
    """Controls smaller than `least` CSS px in either direction."""
    return deep(
        page,
        """
        const found = [];
        for (const e of controls()) {
          // A box with its label is one target; a slider is as wide as its track, a canvas has its own.
          if (e.matches('[type=range], [role=application], [role=separator], [role=region], .scroll')) continue;
          const boxes = [e, ...(e.labels ?? [])].map((b) => b.getBoundingClientRect());
          const [w, h] = [Math.max(...boxes.map((b) => b.width)), Math.max(...boxes.map((b) => b.height))];
          if (w < given - 0.5 || h < given - 0.5) found.push(`${nameOf(e).slice(0, 60)}: ${w.toFixed(0)}×${h.toFixed(0)}`);
        }
        return found;
        """,
        least,
    )


def focus(page: Page) -> dict[str, Any]:
    """What has the focus: tag, role, name."""
    return deep(
        page,
        """const e = focused();
        return e ? { tag: e.tagName.toLowerCase(), role: e.getAttribute('role'), name: nameOf(e) } : {};""",
    )
