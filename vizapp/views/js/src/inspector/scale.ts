/** A legend: the colours of a picture with the numbers at their ends. */

import { h, number } from "../dom";
import type { Ramp } from "./colours";
import { label, say } from "./part";

export class Scale {
  readonly root: HTMLElement;
  private readonly canvas = h("canvas", { width: 256, height: 1, role: "img" });
  private readonly low = h("span", { class: "num" });
  private readonly high = h("span", { class: "num" });
  private painted: Uint32Array | null = null;

  constructor() {
    this.root = h("div", { class: "scale" }, this.canvas, h("p", {}, this.low, this.high));
  }

  show({ table, signed, scale }: Ramp): void {
    const most = typeof scale === "number" ? number(scale) : "largest";
    say(this.low, signed ? "" : "0");
    say(this.high, signed ? `±${most}` : most);
    label(this.canvas, `Colours from ${signed ? `−${most}` : "0"} to ${most}`);
    if (table === this.painted) return;
    this.painted = table;
    const context = this.canvas.getContext("2d")!;
    const image = context.createImageData(256, 1);
    new Uint32Array(image.data.buffer).set(table);
    context.putImageData(image, 0, 0);
  }
}
