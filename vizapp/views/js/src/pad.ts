/** The drawing pad: Bokeh's figure with its freehand draw tool, and the tools around it. */

import { type DataSource, imageArray, plotViewOf, type Props, setData, sourceNamed } from "./bokeh";
import { h, isDark } from "./dom";
import { type Hub, hubOf } from "./hub";
import { lightPixels } from "./lit";
import { Pen } from "./pen";
import type { FrameMessage, InkMessage } from "./wire";

const INPUT_PIXELS = 28;

export function render(props: Props): HTMLElement {
  const hub = hubOf(props.view.model.document);
  const figure = h("div", { class: "pad-figure" }, props.model.get_child("figure"));
  const hint = h("p", { class: "pad-hint", hidden: true }, "Draw a digit here with the mouse, a pen or a finger.");
  figure.append(hint);
  const tools = new Tools(hub);
  const root = h("div", { class: "v-pad" }, figure, tools.element);
  void attach(props, hub, tools, hint);
  return root;
}

async function attach(props: Props, hub: Hub, tools: Tools, hint: HTMLElement): Promise<void> {
  const plot = await plotViewOf(props, "figure");
  const ink = sourceNamed(props.view.model.document, "vizapp-ink");
  const image = sourceNamed(props.view.model.document, "vizapp-pad-image");
  const pen = new Pen(hub, plot);
  const pad = new PadInk(ink, image, () => plot.frame.bbox.width / INPUT_PIXELS);
  tools.pen = pen;

  const events = plot.canvas_view.events_el;
  events.setAttribute("role", "application");
  events.setAttribute("aria-label", "Drawing pad: draw a digit with the mouse, a pen or a finger");
  let sample = false;
  pen.onBegin = (width) => {
    hint.hidden = true;
    // The sample that the page opened with makes way for the person's own drawing.
    if (sample) pad.clear();
    sample = false;
    pad.style(width, pen.erase, plot);
    tools.drawing();
  };
  const mapper = props.view.model.document.get_model_by_name("vizapp-pad-map") as Mapper;
  const recolour = (): void => {
    // A loaded image is ink of every strength on the same paper.
    const alpha = Array.from({ length: 256 }, (_, i) => colour(false) + i.toString(16).padStart(2, "0"));
    mapper.setv({ palette: alpha }, { sync: false });
    pad.recolour();
  };
  recolour();
  lightPixels(hub, props.view.model.document);
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
}

interface Mapper {
  setv(values: object, options: { sync: boolean }): void;
}

/** The ink on the pad: one line per stroke, erasing strokes in the colour of the paper, in painter's order. */
class PadInk {
  private erased: boolean[] = [];

  constructor(
    private ink: DataSource,
    private image: DataSource,
    private pixel: () => number,
  ) {}

  clear(): void {
    setData(this.ink, { xs: [], ys: [], width: [], color: [] });
    setData(this.image, { image: [], x: [], y: [], dw: [], dh: [] });
    this.erased = [];
  }

  show({ strokes, image }: InkMessage): void {
    const axis = (points: Float32Array, k: number): number[] => {
      const values = Array.from({ length: points.length / 2 }, (_, i) => points[2 * i + k]);
      // One point draws nothing; its double draws a dot.
      return values.length === 1 ? [values[0], values[0]] : values;
    };
    this.erased = strokes.map((s) => s.erase);
    setData(this.ink, {
      xs: strokes.map((s) => axis(s.points, 0)),
      ys: strokes.map((s) => axis(s.points, 1)),
      width: strokes.map((s) => s.width * this.pixel()),
      color: strokes.map((s) => colour(s.erase)),
    });
    setData(
      this.image,
      image
        ? { image: [imageArray(image.slice(), INPUT_PIXELS, INPUT_PIXELS)], x: [0], y: [0], dw: [1], dh: [1] }
        : { image: [], x: [], y: [], dw: [], dh: [] },
    );
  }

  /** What the draw tool gives to the stroke that begins now. */
  style(width: number, erase: boolean, plot: { tool_views: Map<{ type: string }, unknown> }): void {
    this.erased.push(erase);
    for (const model of plot.tool_views.keys()) {
      if (model.type !== "FreehandDrawTool") continue;
      const tool = model as unknown as { setv(values: object, options: object): void };
      tool.setv({ default_overrides: { width: width * this.pixel(), color: colour(erase) } }, { sync: false });
    }
  }

  recolour(): void {
    const count = (this.ink.data.xs as unknown[] | undefined)?.length ?? 0;
    const color = Array.from({ length: count }, (_, i) => colour(this.erased[i] ?? false));
    setData(this.ink, { ...this.ink.data, color });
  }
}

function colour(erase: boolean): string {
  if (erase) return isDark() ? "#10151b" : "#ffffff";
  return isDark() ? "#eef2f6" : "#1f2933";
}

/** Pen, eraser, width, undo, redo, clear: plain buttons, so that the keyboard reaches them all. */
class Tools {
  pen: Pen | null = null;
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
    document.addEventListener("keydown", (event) => this.key(event));
  }

  private use(erase: boolean): void {
    if (this.pen) this.pen.erase = erase;
    this.buttons.pen.setAttribute("aria-pressed", String(!erase));
    this.buttons.erase.setAttribute("aria-pressed", String(erase));
  }

  drawing(): void {
    this.buttons.undo.disabled = this.buttons.clear.disabled = false;
    this.buttons.redo.disabled = true;
  }

  show(message: InkMessage): void {
    this.buttons.undo.disabled = !message.can_undo;
    this.buttons.redo.disabled = !message.can_redo;
    this.buttons.clear.disabled = !message.strokes.length && !message.image;
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
