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
  hub.on("frame", ({ scale, scales }: FrameMessage) => {
    full.textContent = scale === "network" ? `${SCALES[scale]}, ${scales[0].toFixed(2)}` : SCALES[scale];
  });
  return h(
    "div",
    { class: "v-legend" },
    h("span", { class: "key" }, "Activation ", h("span", { class: "num" }, "0"), activation.canvas, full),
  );
}

/** The sequential colours, 256 pixels wide. */
class Bar {
  readonly canvas = h("canvas", { width: 256, height: 1, role: "img" });

  constructor(private hub: Hub) {
    this.canvas.setAttribute("aria-label", "from zero to full");
    hub.on("network", () => this.paint());
    hub.on("theme", () => this.paint());
    this.paint();
  }

  private paint(): void {
    const palette = this.hub.network?.palettes[isDark() ? "dark" : "light"];
    if (!palette) return;
    const context = this.canvas.getContext("2d")!;
    const image = context.createImageData(256, 1);
    image.data.set(palette.subarray(0, 1024));
    context.putImageData(image, 0, 0);
  }
}
