/** What is selected, outlined; the primary node with a frame of its own; and what a click would select. */

import { type BokehDocument, type PlotView, setData, sourceNamed } from "../bokeh";
import type { Hub } from "../hub";
import type { Block } from "../wire";
import { outline } from "./outline";

/** A primary node that is smaller than this on the screen is framed as if it were so large. */
const LEAST_PX = 7;

export class SelectionLines {
  private place = "";

  constructor(
    private readonly hub: Hub,
    private readonly plot: PlotView,
    private readonly document: BokehDocument,
    private readonly shown: (block: Block) => boolean,
    private readonly root: HTMLElement,
  ) {
    hub.on("preview", () => this.preview());
    // The frame keeps its size in px while the plot is zoomed.
    plot.repainted.connect(() => this.frame());
  }

  show(): void {
    const { network, selection } = this.hub;
    if (!network) return;
    setData(sourceNamed(this.document, "vizapp-selection"), { ...outline(network, selection, this.shown) });
    this.place = "";
    this.frame();
    this.preview();
    // For whoever cannot see it: a canvas tells nothing.
    this.root.dataset.selected = String(selection.length);
    this.root.dataset.primary = selection.length ? String(selection[0]) : "";
  }

  private frame(): void {
    const { network, selection } = this.hub;
    const node = selection.length ? selection[0] : null;
    const block = node === null ? undefined : network?.blocks.find((b) => node >= b.first && node < b.first + b.count);
    const seen = node !== null && network && block && this.shown(block);
    const { x_range } = this.plot.model;
    const scale = this.plot.frame.bbox.width / (x_range.end - x_range.start);
    const size = seen ? Math.max(LEAST_PX, network.flat_size[node] * scale + 3) : 0;
    const data = seen ? { x: [network.flat[2 * node]], y: [network.flat[2 * node + 1]], size: [size], around: [size + 5] } : NONE;
    const place = JSON.stringify(data);
    if (place === this.place) return;
    this.place = place;
    setData(sourceNamed(this.document, "vizapp-primary"), data);
  }

  private preview(): void {
    const { network, preview } = this.hub;
    if (!network) return;
    setData(sourceNamed(this.document, "vizapp-preview"), { ...outline(network, preview?.nodes ?? new Uint32Array(0), this.shown) });
  }
}

const NONE = { x: [], y: [], size: [], around: [] };
