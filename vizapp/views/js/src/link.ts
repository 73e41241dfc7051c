/** The page's line to its session: hands messages between the server and the hub, and keeps the state at hand. */

import { Address } from "./address";
import type { Props } from "./bokeh";
import { watchConnection } from "./connection";
import { isDark } from "./dom";
import { type Hub, hubOf } from "./hub";
import { Display } from "./notebook";
import { Parting } from "./parting";
import { Pulse } from "./pulse";
import type { ServerMessage } from "./wire";

const KEY = "vizapp:state";

export function render({ model, view }: Props): HTMLElement {
  const hub = hubOf(view.model.document);
  // A notebook's address and storage are not ours.
  const paged = model.page === true;
  const address = paged ? new Address((link) => hub.inOrder({ type: "open", link })) : null;
  const display = paged ? null : new Display(model, view.model.document);
  let pulse: Pulse | null = null;
  model.on("msg:custom", ((message: ServerMessage) => {
    pulse?.heard();
    display?.heard();
    if (message.type === "state") {
      if (paged) keep(message.state);
      address?.show(message.link);
      hub.emit("saved", null);
      hub.emit("steps", message);
    } else {
      hub.receive(plain(message) as typeof message);
    }
  }) as never);
  watchTheme(hub, display);
  hub.connect((message) => {
    if (display?.isOver()) return;
    model.send_msg(message);
    pulse?.said();
  });
  if (display) {
    pulse = new Pulse(
      () => display.isOver() || model.send_msg({ type: "pulse" }),
      () => display.silent(),
    );
    hub.send({ type: "ready", state: null, link: null });
    return display.root;
  }
  const lost = watchConnection(
    view.model.document,
    // What cannot be sent any more is not: the tab's storage has it.
    () => hub.connect(() => {}),
    () => keepUnsaved(hub),
    new Parting(hub),
  );
  pulse = new Pulse(() => model.send_msg({ type: "pulse" }), lost);
  const { dataset } = document.documentElement;
  dataset.linked = "";
  // A page in a frame shows the panes that its address names.
  hub.on("settings", ({ panes, aside }) => {
    if (dataset.embed) return;
    dataset.panes = panes;
    if (dataset.aside === aside) return;
    dataset.aside = aside;
    dispatchEvent(new Event("resize"));
  });
  const told = hub.on("settings", () => {
    told();
    if (dataset.embedNotice) hub.emit("notice", { type: "notice", level: "error", text: dataset.embedNotice });
  });
  hub.send({ type: "ready", state: kept(), link: Address.foreign() });
  return document.createElement("span");
}

/** The theme is the document's `data-theme`; panes that paint themselves are told when it changes. */
function watchTheme(hub: Hub, display: Display | null): void {
  const observer = new MutationObserver(() => {
    if (display?.isGone()) observer.disconnect();
    else hub.emit("theme", { dark: isDark() });
  });
  observer.observe(document.documentElement, { attributeFilter: ["data-theme"] });
}

/** Bokeh's arrays carry a shape and cannot be sliced like the typed arrays they extend; the panes want plain ones. */
function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return new Uint8Array(value.buffer, value.byteOffset, value.length);
  if (value instanceof Uint16Array) return new Uint16Array(value.buffer, value.byteOffset, value.length);
  if (value instanceof Uint32Array) return new Uint32Array(value.buffer, value.byteOffset, value.length);
  if (value instanceof Float32Array) return new Float32Array(value.buffer, value.byteOffset, value.length);
  if (value instanceof ArrayBuffer || value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map(plain);
  const entries = value instanceof Map ? [...value.entries()] : Object.entries(value);
  return Object.fromEntries(entries.map(([key, item]) => [key, plain(item)]));
}

/** The tab's storage survives a reload, a reconnect and a restarted server. */
function keep(state: string): void {
  try {
    sessionStorage.setItem(KEY, state);
  } catch {
    // Storage may be full or forbidden (a sandboxed iframe): the page works, a reload starts afresh.
  }
}

/** What was drawn since the server last saved the state is drawn again after the reload. */
function keepUnsaved(hub: Hub): void {
  const strokes = hub.unsaved();
  const before = kept();
  if (!strokes.length || !before) return;
  const state = JSON.parse(before);
  // Version 1 had the drawing beside the settings.
  const drawing = state.drawing ?? state;
  if (drawing.sample) Object.assign(drawing, { sample: false, strokes: [], image: null });
  drawing.strokes.push(...strokes);
  keep(JSON.stringify(state));
}

function kept(): string | null {
  try {
    return sessionStorage.getItem(KEY);
  } catch {
    return null;
  }
}
