/** What the colours mean, with numbers. */

import type { Props } from "./bokeh";
import { h, isDark } from "./dom";
import { type Hub, hubOf } from "./hub";
import type { FrameMessage } from "./wire";

const SCALES = {
  layer: "= largest in its layer, printed at its name",
  map: "= largest in its feature map",
  network: "= largest in the network",
};

export function render({ view }: Props): HTMLElement {
  const hub = hubOf(view.model.document);
  const activation = new Bar(hub);
  const full = h("span", { class: "num" }, "full");
  const meaning = h("span", { class: "muted" });
  hub.on("frame", (frame: FrameMessage) => {
    full.textContent = frame.scale === "network" ? frame.scales[0].toFixed(2) : "full";
    meaning.textContent = SCALES[frame.scale];
  });
  return h(
    "div",
    { class: "v-legend" },
    h("span", { class: "key" }, "Activation ", h("span", { class: "num" }, "0"), activation.canvas, full),
    meaning,
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
