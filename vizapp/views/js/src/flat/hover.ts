/** The node under the pointer, outlined, with the edges that end in it; or single edges found between nodes. */

import { type BokehDocument, setData, sourceNamed } from "../bokeh";
import { isDark } from "../dom";
import { hoverEdges } from "../hover";
import type { Hub } from "../hub";

export interface Highlight {
  source: number;
  target: number;
  value: number;
}

export class HoverLines {
  constructor(
    private readonly hub: Hub,
    private readonly document: BokehDocument,
  ) {}

  /** Outline the focused node and draw the edges that end in it. */
  show(): void {
    const { network, frame, focus } = this.hub;
    const cell = sourceNamed(this.document, "vizapp-hover-node");
    if (!network || focus === null) {
      this.draw([], () => 0);
      setData(cell, { x: [], y: [], size: [] });
      return;
    }
    const { nodes, values } = hoverEdges(network, frame, focus);
    this.draw(
      Array.from(nodes, (source, i) => ({ source, target: focus, value: values[i] })),
      (value) => 0.06 + 0.84 * Math.abs(value),
    );
    const { flat, flat_size } = network;
    setData(cell, { x: [flat[2 * focus]], y: [flat[2 * focus + 1]], size: [flat_size[focus]] });
  }

  /** Lines of single edges over everything, unless the pointer is on a node. */
  edges(edges: Highlight[]): void {
    if (!this.hub.network || this.hub.focus !== null) return;
    const largest = Math.max(...edges.map((e) => Math.abs(e.value)), 1e-30);
    this.draw(edges, (value) => 0.4 + 0.6 * Math.abs(value / largest));
  }

  private draw(edges: Highlight[], alpha: (value: number) => number): void {
    const flat = this.hub.network?.flat ?? [];
    const [minus, plus] = isDark() ? ["#5fcfc4", "#ffb45c"] : ["#0e6e6a", "#a8500f"];
    setData(sourceNamed(this.document, "vizapp-hover-edges"), {
      x0: edges.map((e) => flat[2 * e.source]),
      y0: edges.map((e) => flat[2 * e.source + 1]),
      x1: edges.map((e) => flat[2 * e.target]),
      y1: edges.map((e) => flat[2 * e.target + 1]),
      color: edges.map((e) => (e.value < 0 ? minus : plus)),
      alpha: edges.map((e) => alpha(e.value)),
    });
  }
}
