/** The keyboard's way through the nodes: arrows and page keys move the focus, Enter selects, Escape clears. */

import { h, number, onKeys } from "./dom";
import type { Hub } from "./hub";
import { nodeName } from "./network";
import { neighbour, startOf, type Way } from "./neighbours";
import { modeOf } from "./selecting";
import type { Mode } from "./selecting";

export type Keys = Record<string, Way>;

export const PAGES: Keys = { PageUp: "above", PageDown: "below", "Alt+ArrowUp": "above", "Alt+ArrowDown": "below" };
export const ARROWS: Keys = { ...PAGES, ArrowLeft: "left", ArrowRight: "right", ArrowUp: "up", ArrowDown: "down" };
/** Where arrows are taken: the next node and the one before. */
export const LETTERS: Keys = { ...PAGES, n: "right", b: "left" };

/** Does what a key says; `moved` hears of a new focus. Whether the key meant something. */
export function nodeKey(hub: Hub, event: KeyboardEvent, keys: Keys, origin: string, moved = (_node: number) => {}): boolean {
  if (event.ctrlKey || event.metaKey) return false;
  const way = keys[event.altKey ? `Alt+${event.key}` : event.key];
  if (way && !event.shiftKey) {
    const from = startOf(hub);
    if (from === null) return true;
    // The first key only shows where one is.
    const to = hub.focus === null ? from : neighbour(hub, from, way);
    hub.setFocus(to, origin);
    moved(to);
    return true;
  }
  if (event.altKey || (event.key !== "Enter" && event.key !== " ")) return false;
  const node = hub.focus ?? startOf(hub);
  if (node === null) return true;
  hub.setFocus(node, origin);
  pick(hub, node, modeOf(event), origin);
  return true;
}

function pick(hub: Hub, node: number, mode: Mode, origin: string): void {
  hub.send({ type: "pick", nodes: Uint32Array.of(node), mode, origin });
}

/** Origins of the keyboard end like this: only what it does is said aloud, or a mouse would never be silent. */
export const BY_KEYS = " keys";

/** Escape clears the selection, unless there is something else that it closes. */
export function clearOnEscape(hub: Hub, pane: Element): void {
  onKeys(pane, (event) => {
    if (event.key !== "Escape" || event.defaultPrevented || !hub.selection.length) return;
    const path = event.composedPath();
    if (path.some((e) => e instanceof HTMLDialogElement || isTextField(e)) || openDialog()) return;
    hub.send({ type: "pick", nodes: new Uint32Array(0), mode: "replace", origin: "escape" });
  });
}

export function isTextField(target: EventTarget | undefined): boolean {
  if (target instanceof HTMLInputElement) return !["checkbox", "radio", "range", "button", "file"].includes(target.type);
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement || (target instanceof HTMLElement && target.isContentEditable);
}

function openDialog(): boolean {
  return Array.from(document.querySelectorAll("dialog")).some((dialog) => dialog.open);
}

/** Tells a screen reader the node that the keyboard has come to, with its value, and how many are selected. */
export function announce(hub: Hub): void {
  const live = h("p", { role: "status", "aria-live": "polite", "data-testid": "spoken" });
  live.style.cssText = "position: absolute; width: 1px; height: 1px; margin: 0; overflow: hidden; clip-path: inset(50%); white-space: nowrap;";
  document.body.append(live);
  let awaited: number | null = null;
  hub.on("focus", ({ node, origin }) => (awaited = origin.endsWith(BY_KEYS) ? node : null));
  hub.on("values", ({ values }) => {
    const row = values.find(([node]) => node === awaited);
    if (!row || !hub.network) return;
    awaited = null;
    const selected = hub.selection.includes(row[0]) ? ", selected" : "";
    live.textContent = `${nodeName(hub.network, row[0])}, ${number(row[2])}${selected}`;
  });
  hub.on("selection", ({ nodes, origin }) => {
    if (!origin) return;
    live.textContent = nodes.length ? `${nodes.length} ${nodes.length === 1 ? "node" : "nodes"} selected` : "Nothing is selected";
  });
}
