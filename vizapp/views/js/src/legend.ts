/** What the colours mean, with numbers. */

import type { Props } from "./bokeh";
import { h, isDark } from "./dom";
import { type Hub, hubOf } from "./hub";
import type { FrameMessage } from "./wire";

const SCALES = {
  layer: "layer's largest",
  map: "map's largest",
  network: "network's largest",
};

export function render({ view }: Props): HTMLElement {
  const hub = hubOf(view.model.document);
  const activation = new Bar(hub);
  const full = h("span", { class: "num" });
  const name = h("span", {}, "Activation");
  const low = h("span", { class: "num" }, "0");
  hub.on("frame", ({ scale, scales, difference }: FrameMessage) => {
    const most = scale === "network" ? `${SCALES[scale]}, ${scales[0].toFixed(2)}` : SCALES[scale];
    name.textContent = difference ? "Now minus reference" : "Activation";
    low.textContent = difference ? "−" : "0";
    full.textContent = difference ? `+${most}` : most;
    activation.show(difference);
  });
  return h("div", { class: "v-legend" }, h("span", { class: "key" }, name, low, activation.canvas, full));
}

/** The sequential colours, or the diverging ones, 256 pixels wide. */
class Bar {
  readonly canvas = h("canvas", { width: 256, height: 1, role: "img" });
  private difference = false;

  constructor(private hub: Hub) {
    hub.on("network", () => this.paint());
    hub.on("theme", () => this.paint());
    this.paint();
  }

  show(difference: boolean): void {
    if (difference === this.difference) return;
    this.difference = difference;
    this.paint();
  }

  private paint(): void {
    this.canvas.setAttribute("aria-label", this.difference ? "from less to more, zero in the middle" : "from zero to full");
    const palette = this.hub.network?.palettes[isDark() ? "dark" : "light"];
    if (!palette) return;
    const context = this.canvas.getContext("2d")!;
    const image = context.createImageData(256, 1);
    image.data.set(this.difference ? palette.subarray(1024) : palette.subarray(0, 1024));
    context.putImageData(image, 0, 0);
  }
}
