/** The raster of all edges in the flat plot: asks for what the plot shows, and for more detail as it rests. */

import { type BokehDocument, imageArray, type PlotView, setData, setPalette, sourceNamed } from "./bokeh";
import { isDark } from "./dom";
import type { Hub } from "./hub";
import { Question } from "./question";
import type { EdgePixels } from "./wire";

/** After this long without a movement the exact picture is asked for; where answers are slow, after two of them. */
const REST_MS = 120;
const LONGEST_REST_MS = 300;

interface Place {
  x0: number;
  x1: number;
  y0: number;
  y1: number;
  width: number;
  height: number;
}

export class EdgeLayer {
  private asked = "";
  private rest = 0;
  private moved = 0;
  private place: Question<Place>;

  constructor(
    private hub: Hub,
    private plot: PlotView,
    private document: BokehDocument,
  ) {
    this.place = new Question(hub, (place, seq) => ({ type: "viewport", seq, ...place }));
    plot.repainted.connect(() => this.look());
    hub.on("network", () => {
      this.asked = "";
      this.clear();
      this.look();
    });
    hub.on("frame", (frame) => {
      if (frame.edges) this.show(frame.edges, false);
    });
    hub.on("edges", ({ edges, exact, ack }) => {
      this.show(edges, exact);
      if (ack) this.place.answered();
    });
    // The pen goes on: what it draws brings a picture, and no exact one of what was there before is of use.
    hub.on("sent", () => clearTimeout(this.rest));
    hub.on("theme", () => this.recolour());
    hub.on("settings", () => {
      this.recolour();
      this.look();
    });
    hub.on("selection", () => this.recolour());
  }

  /** Tell the server what is in view. */
  private look(): void {
    const place = this.hub.settings?.panes === "3D" ? this.hidden() : this.shown();
    if (!place) return;
    const wanted = JSON.stringify(place);
    if (wanted === this.asked) return;
    this.asked = wanted;
    this.place.ask(place);
  }

  private shown(): Place | null {
    const { x_range, y_range } = this.plot.model;
    const { width, height } = this.plot.frame.bbox;
    if (!this.hub.network || !(width > 1 && height > 1)) return null;
    return {
      x0: x_range.start,
      x1: x_range.end,
      y0: y_range.start,
      y1: y_range.end,
      width: Math.round(width),
      height: Math.round(height),
    };
  }

  /** Where only the scene shows edges, the picture that they come with is next to nothing. */
  private hidden(): Place | null {
    if (!this.hub.network) return null;
    const [x0, x1, y0, y1] = this.hub.network.bounds;
    return { x0, x1, y0, y1, width: 8, height: 8 };
  }

  private show(edges: EdgePixels, exact: boolean): void {
    setData(sourceNamed(this.document, "vizapp-edges"), {
      image: [imageArray(edges.pixels.slice(), edges.rows, edges.cols)],
      x: [edges.x],
      y: [edges.y],
      dw: [edges.width],
      dh: [edges.height],
    });
    clearTimeout(this.rest);
    if (exact) return;
    const since = performance.now() - this.moved;
    this.moved += since;
    // In a stroke whose answers come slowly an exact picture would hold them up even more.
    const wait = since < LONGEST_REST_MS ? Math.max(REST_MS, 2 * since) : REST_MS;
    this.rest = window.setTimeout(() => this.hub.send({ type: "settle" }), Math.min(LONGEST_REST_MS, wait));
  }

  private clear(): void {
    setData(sourceNamed(this.document, "vizapp-edges"), { image: [], x: [], y: [], dw: [], dh: [] });
    this.recolour();
  }

  private recolour(): void {
    const table = edgePalette(this.hub);
    if (!table) return;
    const palette = Array.from({ length: 256 }, (_, i) => {
      const rgba = table.subarray(4 * i, 4 * i + 4);
      return `#${Array.from(rgba, (v) => v.toString(16).padStart(2, "0")).join("")}`;
    });
    setPalette(this.document, "vizapp-edge-map", palette);
  }
}

/** Whether the two hues are two classes; if not, they are two signs. */
export function showsClasses(hub: Hub): boolean {
  return hub.settings?.lens === "contrast" && !isTracing(hub);
}

/** Whether only the paths to the selected node are shown. */
export function isTracing({ settings, selection }: Hub): boolean {
  return Boolean(settings?.tracing) && selection.length > 0;
}

/** Colours of coded edges, 256 × RGBA, for the present lens and theme. */
export function edgePalette(hub: Hub): Uint8Array | null {
  const { network } = hub;
  const kind = showsClasses(hub) ? "class" : "sign";
  return network ? network.edge_palettes[kind][isDark() ? "dark" : "light"] : null;
}
