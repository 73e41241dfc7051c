/** The flat plot: every node of the flattened network as a cell, in a Bokeh figure. */

import { type BokehDocument, imageArray, type PlotView, plotViewOf, type Props, setData, sourceNamed } from "./bokeh";
import { h, isDark } from "./dom";
import { EdgeLayer } from "./edges";
import { Veil } from "./fade";
import { hoverEdges } from "./hover";
import { type Hub, hubOf } from "./hub";
import { layerIndexOf } from "./network";
import { nodeAt } from "./picking";
import { Question } from "./question";
import { highlighted } from "./readout";
import { Viewport } from "./viewport";
import type { Block, FrameMessage, NetworkMessage } from "./wire";

export function render(props: Props): HTMLElement {
  const tools = h("div", { class: "pane-tools", role: "toolbar", "aria-label": "View of the flat plot" });
  const root = h("div", { class: "v-flat" }, props.model.get_child("figure"), tools);
  void plotViewOf(props, "figure").then((plot) => {
    const { viewport } = new FlatPlot(hubOf(props.view.model.document), plot, props.view.model.document);
    const button = (label: string, title: string, onclick: () => void): HTMLElement =>
      h("button", { type: "button", title, "aria-label": title, onclick }, label);
    tools.append(
      button("+", "Zoom in", () => viewport.zoom(1 / 1.5)),
      button("−", "Zoom out", () => viewport.zoom(1.5)),
      button("Reset", "Show the whole network", () => viewport.fit()),
    );
  });
  return root;
}

/** Width of a layer's shape in letters. */
const DETAIL_PX = 72;

interface Model {
  setv(values: object, options: { sync: boolean }): void;
}

class FlatPlot {
  private network: NetworkMessage | null = null;
  private cells: CellImages[] = [];
  private painting: number | null = null;
  private scales = "";
  private found: Highlight[] = [];
  private pressed = [0, 0];
  private probe: Question<number[]>;
  readonly viewport: Viewport;

  constructor(
    private hub: Hub,
    private plot: PlotView,
    private document: BokehDocument,
  ) {
    this.viewport = new Viewport(plot);
    this.probe = new Question(hub, ([x, y], seq) => ({ type: "probe", seq, x, y }));
    new EdgeLayer(hub, plot, document);
    new Veil(hub, plot, this.viewport);
    const events = plot.canvas_view.events_el;
    events.setAttribute("role", "img");
    events.setAttribute("aria-label", "Flat plot of the network: every node a cell coloured by its activation");
    events.addEventListener("pointermove", (event) => this.point(event));
    for (const type of ["wheel", "pointerdown"]) events.addEventListener(type, () => this.viewport.touched());
    events.addEventListener("dblclick", () => this.viewport.fit());
    events.addEventListener("pointerleave", () => {
      hub.setFocus(null, "flat");
      this.probe.drop();
      this.showEdges([]);
    });
    events.addEventListener("pointerdown", (event) => {
      this.pressed = [event.clientX, event.clientY];
      // A finger does not hover.
      this.point(event);
    });
    events.addEventListener("click", (event) => this.pick(event));
    plot.repainted.connect(() => {
      if (this.painting !== null) hub.emit("painted", { pane: "flat", ack: this.painting });
      this.painting = null;
      if (this.network && hub.frame) this.labels(this.network, hub.frame);
    });
    hub.on("network", (network) => this.show(network));
    hub.on("frame", (frame) => this.update(frame));
    hub.on("focus", () => this.highlight());
    hub.on("selection", () => this.select());
    hub.on("highlight", (edges) => this.showEdges(edges));
    hub.on("probe", ({ edges }) => {
      this.probe.answered();
      this.found = edges.map(highlighted);
      if (hub.focus === null) hub.emit("highlight", this.found);
    });
    hub.on("theme", () => this.recolour());
    hub.on("settings", () => this.show(hub.network));
    if (hub.network) this.show(hub.network);
    if (hub.frame) this.update(hub.frame);
  }

  private show(network: NetworkMessage | null): void {
    if (!network) return;
    const hidden = this.hub.settings?.hidden ?? [];
    const shown = network.blocks.filter((b) => !hidden.includes(network.layers[b.layer].name));
    const signed = (block: Block): boolean => network.layers[block.layer].signed;
    this.cells = [
      new CellImages(sourceNamed(this.document, "vizapp-cells"), shown.filter((b) => !signed(b))),
      new CellImages(sourceNamed(this.document, "vizapp-cells-signed"), shown.filter(signed)),
    ];
    if (this.network?.name !== network.name) {
      this.network = network;
      this.viewport.fit(network.bounds);
      this.digits(network);
    }
    this.scales = "";
    if (this.hub.frame) this.update(this.hub.frame);
    this.recolour();
  }

  /** Name, shape and scale at the left of each layer. */
  private labels(network: NetworkMessage, frame: FrameMessage): void {
    const own = frame.scale === "layer" ? frame.scales.map((scale) => `0 … ${scale.toFixed(2)}`) : [];
    const lines = this.room(network);
    const wanted = [lines, ...own].join();
    if (wanted === this.scales) return;
    this.scales = wanted;
    const y = network.layers.map((_, i) => {
      const blocks = network.blocks.filter((b) => b.layer === i);
      return (Math.min(...blocks.map((b) => b.y)) + Math.max(...blocks.map((b) => b.y + b.rows * b.spacing))) / 2;
    });
    setData(sourceNamed(this.document, "vizapp-labels"), {
      x: y.map(() => network.label_x),
      y,
      name: network.layers.map((layer) => layer.label),
      detail: network.layers.map((layer, i) => [layer.detail, ...(own.length ? [own[i]] : [])].slice(0, lines - 1).join("\n")),
    });
  }

  /** Lines of text that fit between two layers at the present zoom. */
  private room(network: NetworkMessage): number {
    const { x_range } = this.plot.model;
    const scale = this.plot.frame.bbox.width / (x_range.end - x_range.start);
    const bottoms = network.layers.map((_, i) => network.blocks.find((b) => b.layer === i)!.y);
    const closest = Math.min(...bottoms.slice(1).map((y, i) => y - bottoms[i]));
    const [left] = network.bounds;
    const widest = Math.min(...network.blocks.map((b) => b.x)) - left;
    return widest * scale < DETAIL_PX ? 1 : Math.max(1, Math.min(3, Math.floor((closest * scale) / 16)));
  }

  /** An output is called by its digit. */
  private digits(network: NetworkMessage): void {
    const { offset, count } = network.layers[network.layers.length - 1];
    const nodes = Array.from({ length: count }, (_, i) => offset + i);
    setData(sourceNamed(this.document, "vizapp-digits"), {
      x: nodes.map((n) => network.flat[2 * n]),
      y: nodes.map((n) => network.flat[2 * n + 1] + 0.6 * network.flat_size[n]),
      text: nodes.map((_, i) => String(i)),
    });
  }

  private update(frame: FrameMessage): void {
    if (!this.network || frame.network !== this.network.name) return;
    this.painting = frame.ack;
    for (const cells of this.cells) cells.update(frame.levels);
    this.labels(this.network, frame);
    if (this.hub.focus !== null) this.highlight();
    // Now, not in the next animation frame: that one then only has to show it.
    this.plot.repaint();
  }

  private point(event: PointerEvent): void {
    if (!this.network) return;
    const box = this.plot.canvas_view.events_el.getBoundingClientRect();
    const x = this.plot.frame.x_scale.invert(event.clientX - box.left);
    const y = this.plot.frame.y_scale.invert(event.clientY - box.top);
    const node = nodeAt(this.network, x, y);
    const hidden = this.hub.settings?.hidden ?? [];
    const seen = node !== null && !hidden.includes(this.network.layers[layerIndexOf(this.network, node)].name);
    this.hub.setFocus(seen ? node : null, "flat");
    if (!seen) this.probe.ask([x, y]);
  }

  /** A click selects the node there, or both ends of the strongest edge there; with Shift it adds. */
  private pick(event: MouseEvent): void {
    const [x, y] = this.pressed;
    if (Math.hypot(event.clientX - x, event.clientY - y) > 4) return;
    const edge = this.found[0];
    const nodes = this.hub.focus !== null ? [this.hub.focus] : edge ? [edge.target, edge.source] : [];
    this.hub.send({ type: "pick", nodes, mode: event.shiftKey ? "toggle" : "replace", origin: "flat" });
  }

  private select(): void {
    const { network, hub } = this;
    if (!network) return;
    const nodes = Array.from(hub.selection);
    setData(sourceNamed(this.document, "vizapp-selection"), {
      x: nodes.map((n) => network.flat[2 * n]),
      y: nodes.map((n) => network.flat[2 * n + 1]),
      size: nodes.map((n) => network.flat_size[n]),
    });
  }

  /** Lines of single edges over everything. */
  private showEdges(edges: Highlight[]): void {
    const { network } = this;
    if (!network || this.hub.focus !== null) return;
    const { flat } = network;
    const [minus, plus] = signColours();
    const largest = Math.max(...edges.map((e) => Math.abs(e.value)), 1e-30);
    setData(sourceNamed(this.document, "vizapp-hover-edges"), {
      x0: edges.map((e) => flat[2 * e.source]),
      y0: edges.map((e) => flat[2 * e.source + 1]),
      x1: edges.map((e) => flat[2 * e.target]),
      y1: edges.map((e) => flat[2 * e.target + 1]),
      color: edges.map((e) => (e.value < 0 ? minus : plus)),
      alpha: edges.map((e) => 0.4 + 0.6 * Math.abs(e.value / largest)),
    });
  }

  /** Outline the focused node and draw the edges that end in it. */
  private highlight(): void {
    const { network, hub } = this;
    const node = hub.focus;
    const edges = sourceNamed(this.document, "vizapp-hover-edges");
    const cell = sourceNamed(this.document, "vizapp-hover-node");
    if (!network || node === null) {
      setData(edges, { x0: [], y0: [], x1: [], y1: [], color: [], alpha: [] });
      setData(cell, { x: [], y: [], size: [] });
      return;
    }
    const { nodes, values } = hoverEdges(network, hub.frame, node);
    const { flat } = network;
    const [x, y] = [flat[2 * node], flat[2 * node + 1]];
    const list = Array.from(nodes);
    const [minus, plus] = signColours();
    setData(edges, {
      x0: list.map((n) => flat[2 * n]),
      y0: list.map((n) => flat[2 * n + 1]),
      x1: list.map(() => x),
      y1: list.map(() => y),
      color: list.map((_, i) => (values[i] < 0 ? minus : plus)),
      alpha: list.map((_, i) => 0.06 + 0.84 * Math.abs(values[i])),
    });
    setData(cell, { x: [x], y: [y], size: [network.flat_size[node]] });
  }

  private recolour(): void {
    if (!this.network) return;
    const palette = this.network.palettes[isDark() ? "dark" : "light"];
    const set = (name: string, values: object): void =>
      (this.document.get_model_by_name(name) as Model | null)?.setv(values, { sync: false });
    set("vizapp-map", { palette: hexColours(palette, 0) });
    set("vizapp-map-signed", { palette: hexColours(palette, 256) });
    const ink = isDark() ? "#e6ebf0" : "#1f2933";
    const muted = isDark() ? "#9aa7b4" : "#5f6b76";
    set("vizapp-label-name", { text_color: ink });
    set("vizapp-label-detail", { text_color: muted });
    set("vizapp-digit", { text_color: ink });
    set("vizapp-outline", { line_color: ink });
    this.highlight();
    this.select();
  }
}

interface Highlight {
  source: number;
  target: number;
  value: number;
}

function signColours(): [string, string] {
  return isDark() ? ["#5fcfc4", "#ffb45c"] : ["#0e6e6a", "#a8500f"];
}

/** Blocks of cells as images of one Bokeh glyph; a cell that stands apart is an image of its own. */
class CellImages {
  private parts: { first: number; rows: number; cols: number; bytes: Uint8Array }[] = [];
  private place: Record<string, number[]> = { x: [], y: [], dw: [], dh: [] };

  constructor(
    private source: ReturnType<typeof sourceNamed>,
    blocks: Block[],
  ) {
    for (const b of blocks) {
      if (b.spacing === b.cell && b.count === b.rows * b.cols) {
        this.add(b.first, b.rows, b.cols, b.x, b.y, b.cell);
        continue;
      }
      const margin = (b.spacing - b.cell) / 2;
      for (let i = 0; i < b.count; i++) {
        const x = b.x + (i % b.cols) * b.spacing + margin;
        const y = b.y + (b.rows - 1 - Math.floor(i / b.cols)) * b.spacing + margin;
        this.add(b.first + i, 1, 1, x, y, b.cell);
      }
    }
    this.update(new Uint8Array(0));
  }

  private add(first: number, rows: number, cols: number, x: number, y: number, cell: number): void {
    this.parts.push({ first, rows, cols, bytes: new Uint8Array(rows * cols) });
    this.place.x.push(x);
    this.place.y.push(y);
    this.place.dw.push(cols * cell);
    this.place.dh.push(rows * cell);
  }

  update(levels: Uint8Array): void {
    const image = this.parts.map(({ first, rows, cols, bytes }) => {
      // Bokeh draws row 0 at the bottom.
      for (let row = 0; row < rows && levels.length; row++) {
        const start = first + row * cols;
        bytes.set(levels.subarray(start, start + cols), (rows - 1 - row) * cols);
      }
      return imageArray(bytes, rows, cols);
    });
    setData(this.source, { image, ...this.place });
  }
}

/** 256 colours from `start` of a table of RGBA bytes, as Bokeh's mappers take them (0xRRGGBBAA). */
function hexColours(palette: Uint8Array, start: number): string[] {
  return Array.from({ length: 256 }, (_, i) => {
    const at = 4 * (start + i);
    return `#${[0, 1, 2].map((c) => palette[at + c].toString(16).padStart(2, "0")).join("")}`;
  });
}
