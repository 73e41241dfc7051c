/** The confidence plot: probabilities along the sweep, way by way, under a cursor. */

import { h } from "../dom";
import type { Hub } from "../hub";
import { Plot, draw, line } from "./axes";
import { colourOf, dashOf, pairOf } from "./palette";
import type { Sheet } from "./sheet";

const CLASSES = 10;

export class Confidence {
  readonly element: HTMLElement;
  private readonly plot = new Plot();

  constructor(
    private readonly hub: Hub,
    private readonly sheet: Sheet,
  ) {
    this.element = h("div", { class: "confidence" }, this.plot.root);
    this.plot.onlayout = () => this.show();
    sheet.on("head", (head) => {
      if (head) this.plot.domain([head.low, head.high], [0, 1], { x: head.axis.label, y: "probability" });
    });
    sheet.on("curves", () => this.show());
    sheet.on("cursor", () => this.show());
  }

  private show(): void {
    const { x, y, lines } = this.plot;
    const pair = pairOf(this.sheet.focus);
    const paths = this.sheet.shown.flatMap((curve) =>
      Array.from({ length: CLASSES }, (_, label) => {
        const values = curve.positions.map((_, row) => curve.probabilities[row * CLASSES + label]);
        const d = line(curve.positions, values, x, y);
        return draw("path", { d, fill: "none", stroke: colourOf(label, pair), "stroke-dasharray": dashOf(curve.network, this.hub.network?.name) });
      }),
    );
    lines.replaceChildren(...paths);
  }
}
