/** The drawing pad: Bokeh's figure with its freehand draw tool, and the tools around it. */

import { plotViewOf, type Props, setPalette } from "./bokeh";
import { Crosshair, KEYS } from "./crosshair";
import { h, onKeys } from "./dom";
import { explainOnPad } from "./explaining/overlay";
import { outlineOnPad } from "./field";
import { type Hub, hubOf } from "./hub";
import { inkColour, PadInk } from "./ink";
import { lightPixels } from "./lit";
import { onLocks, REASON } from "./locks";
import { offerPad } from "./pad-picture";
import { Pen } from "./pen";
import { layVaried } from "./varied";
import type { FrameMessage, InkMessage } from "./wire";

export function render(props: Props): HTMLElement {
  const hub = hubOf(props.view.model.document);
  const figure = h("div", { class: "pad-figure" }, props.model.get_child("figure"));
  const hint = h("p", { class: "pad-hint", hidden: true }, "Draw a digit here with the mouse, a pen or a finger.");
  figure.append(hint);
  explainOnPad(hub, figure);
  outlineOnPad(hub, figure);
  layVaried(hub, figure);
  const tools = new Tools(hub);
  const root = h("div", { class: "v-pad" }, figure, tools.element);
  void attach(props, hub, tools, figure, hint);
  return root;
}

async function attach(props: Props, hub: Hub, tools: Tools, figure: HTMLElement, hint: HTMLElement): Promise<void> {
  const { document } = props.view.model;
  const plot = await plotViewOf(props, "figure");
  const pen = new Pen(hub, plot);
  const pad = new PadInk(document, plot);
  tools.pen = pen;
  onLocks(hub, ["drawing"], (locked) => {
    pen.locked = locked;
    plot.canvas_view.events_el.style.cursor = locked ? "not-allowed" : "crosshair";
  });

  const events = plot.canvas_view.events_el;
  events.setAttribute("role", "application");
  events.setAttribute("aria-label", `Drawing pad: draw a digit with the mouse, a pen, a finger or the keyboard. ${KEYS}`);
  const cross = new Crosshair(hub, pen, events);
  figure.append(cross.element, cross.live);
  let sample = false;
  pen.onBegin = (width) => {
    hint.hidden = true;
    // The sample that the page opened with makes way for the person's own drawing.
    if (sample) pad.clear();
    sample = false;
    pad.style(width, pen.erase);
    tools.drawing();
  };
  const recolour = (): void => {
    // A loaded image is ink of every strength on the same paper.
    const alpha = Array.from({ length: 256 }, (_, i) => inkColour() + i.toString(16).padStart(2, "0"));
    setPalette(document, "vizapp-pad-map", alpha);
    pad.restyle();
  };
  recolour();
  lightPixels(hub, document);
  const show = (message: InkMessage): void => {
    if (message.refused !== null) pen.abandon(message.refused);
    const drawnSince = pen.pending.map((stroke) => ({ ...stroke, points: Float32Array.from(stroke.points.flat()) }));
    sample = message.sample && !drawnSince.length;
    pad.show({ ...message, strokes: [...message.strokes, ...drawnSince] });
    tools.show(message);
  };
  hub.on("ink", show);
  // Also where every stroke was rubbed out again.
  const guide = ({ probabilities }: FrameMessage): void => void (hint.hidden = probabilities !== null);
  hub.on("frame", guide);
  hub.on("theme", recolour);
  if (hub.ink) show(hub.ink);
  if (hub.frame) guide(hub.frame);
  offerPad(hub, document, pad);
}

/** Pen, eraser, width, undo, redo, clear: plain buttons, so that the keyboard reaches them all. */
class Tools {
  pen: Pen | null = null;
  private locked = false;
  /** There is nothing to clear. What the server told last may be older than the pen's last stroke. */
  private blank = true;
  readonly element: HTMLElement;
  private buttons: Record<"pen" | "erase" | "undo" | "redo" | "clear", HTMLButtonElement>;

  constructor(hub: Hub) {
    const edit = (action: "undo" | "redo" | "clear") => () => hub.inOrder({ type: "edit", action });
    const button = (label: string, title: string, onclick: () => void): HTMLButtonElement =>
      h("button", { type: "button", title, onclick }, label);
    this.buttons = {
      pen: button("Pen", "Draw", () => this.use(false)),
      erase: button("Eraser", "Erase ink", () => this.use(true)),
      undo: button("Undo", "Undo (Ctrl+Z)", edit("undo")),
      redo: button("Redo", "Redo (Ctrl+Shift+Z)", edit("redo")),
      clear: button("Clear", "Clear the pad (Delete)", edit("clear")),
    };
    const width = h("input", {
      type: "range",
      min: 1,
      max: 5,
      step: 0.2,
      value: 2.4,
      title: "Pen width in pixels of the network's input",
      oninput: () => {
        if (this.pen) this.pen.width = width.valueAsNumber;
        readout.textContent = width.valueAsNumber.toFixed(1);
      },
    });
    const readout = h("output", { class: "num" }, "2.4");
    const { pen, erase, undo, redo, clear } = this.buttons;
    this.element = h(
      "div",
      { class: "pad-tools", role: "toolbar", "aria-label": "Drawing tools" },
      h("div", { class: "group", role: "group", "aria-label": "Tool" }, pen, erase),
      h("div", { class: "group" }, undo, redo, clear),
      h("label", { class: "pen-width" }, h("span", {}, "Width"), width, readout),
    );
    this.use(false);
    const { buttons } = this;
    // Whatever was changed last, here or elsewhere, is what is undone.
    hub.on("steps", ({ undo, redo }) => {
      buttons.undo.disabled = undo === null;
      buttons.redo.disabled = redo === null;
      buttons.undo.title = undo === null ? "Undo (Ctrl+Z)" : `Undo: ${undo} (Ctrl+Z)`;
      buttons.redo.title = redo === null ? "Redo (Ctrl+Shift+Z)" : `Redo: ${redo} (Ctrl+Shift+Z)`;
    });
    onLocks(hub, ["drawing"], (locked) => {
      buttons.pen.disabled = buttons.erase.disabled = width.disabled = this.locked = locked;
      this.element.title = locked ? REASON : "";
      buttons.clear.disabled = locked || this.blank;
    });
    onKeys(this.element, (event) => this.key(event));
  }

  private use(erase: boolean): void {
    if (this.pen) this.pen.erase = erase;
    this.buttons.pen.setAttribute("aria-pressed", String(!erase));
    this.buttons.erase.setAttribute("aria-pressed", String(erase));
  }

  drawing(): void {
    this.blank = false;
    this.buttons.undo.disabled = this.buttons.clear.disabled = false;
    this.buttons.undo.title = "Undo: stroke (Ctrl+Z)";
    this.buttons.redo.disabled = true;
    this.buttons.redo.title = "Redo (Ctrl+Shift+Z)";
  }

  show(message: InkMessage): void {
    this.buttons.undo.disabled = !message.can_undo;
    this.buttons.redo.disabled = !message.can_redo;
    this.blank = !message.strokes.length && !message.image;
    this.buttons.clear.disabled = this.locked || this.blank;
  }

  private key(event: KeyboardEvent): void {
    const path = event.composedPath();
    const writing = path[0] instanceof HTMLInputElement && !["checkbox", "range"].includes(path[0].type);
    if (writing || path.some((element) => element instanceof HTMLDialogElement)) return;
    const command = event.ctrlKey || event.metaKey;
    if (command && event.key.toLowerCase() === "z") {
      (event.shiftKey ? this.buttons.redo : this.buttons.undo).click();
    } else if (command && event.key.toLowerCase() === "y") {
      this.buttons.redo.click();
    } else if (event.key === "Delete") {
      this.buttons.clear.click();
    } else {
      return;
    }
    event.preventDefault();
  }
}
