/** Whether the way leads through what the network knows: the nearest test image at the cursor, and how strange all of it is. */

import { h } from "../dom";
import type { Hub } from "../hub";
import { draw, line, Scale, set, short } from "./axes";
import { rowAt, type Sheet } from "./sheet";
import { paint, SIDE, thumb } from "./thumb";

const [WIDTH, HEIGHT] = [150, 34];

export class Near {
  readonly element: HTMLElement;
  private readonly picture = thumb();
  private readonly words = h("p", {});
  private readonly path = draw("path", { class: "spark" });
  private readonly here = draw("path", { class: "here" });
  private shown: Uint8Array | null = null;

  constructor(
    private readonly sheet: Sheet,
    hub: Hub,
  ) {
    const curve = draw("svg", { width: WIDTH, height: HEIGHT, class: "sparkline", "aria-hidden": "true" }, draw("path", { class: "base", d: `M0 ${HEIGHT - 1}H${WIDTH}M0 1H${WIDTH}` }), this.path, this.here);
    this.element = h("div", { class: "near" }, this.picture, this.words);
    this.element.append(curve);
    hub.on("theme", () => paint(this.picture, this.shown));
  }

  show(): void {
    const { focus, cursor, head } = this.sheet;
    const nearest = focus?.nearest;
    this.element.hidden = !nearest || !head;
    if (!focus || !nearest || !head) return;
    const x = new Scale([head.low, head.high], [2, WIDTH - 2]);
    const y = new Scale([0, 100], [HEIGHT - 2, 2]);
    set(this.path, { d: line(focus.positions, nearest.strangeness, x, y) });
    const position = cursor.position ?? head.neutral ?? head.low;
    const row = rowAt(focus, position);
    set(this.here, { d: `M${x.to(position).toFixed(1)} 0V${HEIGHT}` });
    const which = nearest.picture[row] * SIDE * SIDE;
    this.shown = nearest.pictures.subarray(which, which + SIDE * SIDE);
    paint(this.picture, this.shown);
    const strange = Math.round(nearest.strangeness[row]);
    const words = `Nearest test image at the cursor: no. ${nearest.image[row]}, a ${nearest.label[row]}, at distance ${short(nearest.distance[row], 1)} in the last hidden layer; of the class that it fits best, ${strange} % of the test images have a nearer fellow (right: 0 to 100 % along the way).`;
    if (this.words.textContent !== words) this.words.textContent = words;
  }
}
