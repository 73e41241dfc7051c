/** What dragging does in the flat plot: it moves the plot, or sweeps over nodes with a box or a lasso. */

import { type BokehDocument, dragAfterRest, type PlotView } from "../bokeh";
import { h, isDark } from "../dom";
import type { Hub } from "../hub";
import { type Radios, radios } from "../radios";
import { pickAll } from "../selecting";
import type { Viewport } from "../viewport";
import type { Block } from "../wire";
import { nodesInside, type Polygon, rectangle } from "./area";

const OPTIONS = [
  { value: "pan", label: "Pan", title: "Drag moves the plot; a click selects" },
  { value: "box", label: "Box", title: "Drag selects all nodes in a box; with Shift it adds them" },
  { value: "lasso", label: "Lasso", title: "Drag selects all nodes inside a line; with Shift it adds them" },
];

/** A smaller movement is a click. */
export const CLICK_PX = 4;

interface Tool {
  setv(values: object, options: { sync: boolean }): void;
  overlay?: Tool;
}

/** What Bokeh's selection tools say: px of the canvas, and the same in the layout's units. */
interface Swept {
  final: boolean;
  geometry: Rect | Poly;
}
interface Rect {
  type: "rect";
  sx0: number;
  sx1: number;
  sy0: number;
  sy1: number;
  x0: number;
  x1: number;
  y0: number;
  y1: number;
}
interface Poly {
  type: "poly";
  sx: ArrayLike<number>;
  sy: ArrayLike<number>;
  x: ArrayLike<number>;
  y: ArrayLike<number>;
}

export class Tools {
  readonly element = h("div", { class: "pane-tools", role: "toolbar", "aria-label": "Flat plot" });
  private readonly group: Radios;
  private adding = false;

  constructor(
    private readonly hub: Hub,
    plot: PlotView,
    private readonly document: BokehDocument,
    viewport: Viewport,
    private readonly shown: (block: Block) => boolean,
  ) {
    this.group = radios("Dragging", OPTIONS, (tool) => this.choose(tool));
    const button = (label: string, title: string, onclick: () => void): HTMLElement =>
      h("button", { type: "button", title, "aria-label": title, onclick }, label);
    this.element.append(
      this.group.element,
      button("+", "Zoom in", () => viewport.zoom(1 / 1.5)),
      button("−", "Zoom out", () => viewport.zoom(1.5)),
      button("Reset", "Show the whole network", () => viewport.fit()),
    );
    this.group.set("pan");
    dragAfterRest();
    plot.model.on_event("selectiongeometry", (event) => this.swept(event as Swept));
    // Bokeh does not say which keys were held.
    plot.canvas_view.events_el.addEventListener("pointerup", (event) => (this.adding = event.shiftKey), true);
    hub.on("theme", () => this.recolour());
    this.recolour();
  }

  private choose(tool: string): void {
    // Of tools that take a drag Bokeh keeps one active.
    this.tool(tool)?.setv({ active: true }, { sync: false });
    this.group.set(tool);
  }

  private tool(name: string): Tool | null {
    return this.document.get_model_by_name(`vizapp-${name}`) as Tool | null;
  }

  private swept({ final, geometry }: Swept): void {
    const { network } = this.hub;
    if (!final || !network || isClick(geometry)) return;
    const area: Polygon =
      geometry.type === "rect" ? rectangle(geometry.x0, geometry.x1, geometry.y0, geometry.y1) : geometry;
    const nodes = nodesInside(network.blocks.filter(this.shown), area);
    if (this.adding && !nodes.length) return;
    pickAll(this.hub, nodes, this.adding ? "add" : "replace", "flat");
  }

  private recolour(): void {
    const line = isDark() ? "#e6ebf0" : "#1f2933";
    for (const name of ["box", "lasso"]) {
      this.tool(name)?.overlay?.setv({ line_color: line, fill_color: line }, { sync: false });
    }
  }
}

function isClick(geometry: Rect | Poly): boolean {
  const xs = geometry.type === "rect" ? [geometry.sx0, geometry.sx1] : Array.from(geometry.sx);
  const ys = geometry.type === "rect" ? [geometry.sy0, geometry.sy1] : Array.from(geometry.sy);
  const span = (values: number[]): number => values.reduce((a, b) => Math.max(a, b)) - values.reduce((a, b) => Math.min(a, b));
  return Math.max(span(xs), span(ys)) <= CLICK_PX;
}
