/** The colours with their numbers, and what either end means. */

import { h, number } from "../dom";
import { label, say } from "../inspector/part";
import type { Marks } from "./marks";

export class Legend {
  readonly root: HTMLElement;
  private readonly canvas = h("canvas", { width: 255, height: 1, role: "img" });
  private readonly low = h("span");
  private readonly high = h("span");
  private painted: Uint32Array | null = null;

  constructor() {
    this.root = h("div", { class: "ends num" }, this.canvas, h("p", {}, this.low, h("span", {}, "0"), this.high));
  }

  show({ ramp, low, high }: Marks): void {
    const most = number(Number(ramp.scale));
    say(this.low, `${low} −${most}`);
    say(this.high, `${high} +${most}`);
    label(this.canvas, `Colours from −${most}, ${low}, over 0 to +${most}, ${high}`);
    if (ramp.table === this.painted) return;
    this.painted = ramp.table;
    const context = this.canvas.getContext("2d")!;
    const image = context.createImageData(255, 1);
    // Level 0 is not used: the middle of the rest is zero.
    new Uint32Array(image.data.buffer).set(ramp.table.subarray(1));
    context.putImageData(image, 0, 0);
  }
}
