/** What the colours mean, with numbers; and which layers are shown. */

import type { Props } from "./bokeh";
import { h, isDark } from "./dom";
import { type Hub, hubOf } from "./hub";
import type { FrameMessage } from "./wire";

const SCALES = {
  layer: "the largest value of its layer, printed at the layer's name",
  map: "the largest value of its feature map",
  network: "the largest value in the network",
};

export function render({ view }: Props): HTMLElement {
  const hub = hubOf(view.model.document);
  const activation = new Bar(hub, 0);
  const edges = new Bar(hub, 1);
  const full = h("span", { class: "num" }, "full");
  const meaning = h("span", { class: "muted" });
  hub.on("frame", (frame: FrameMessage) => {
    full.textContent = frame.scale === "network" ? frame.scales[0].toFixed(2) : "full";
    meaning.textContent = `full: ${SCALES[frame.scale]}`;
  });
  return h(
    "div",
    { class: "legend" },
    h("span", { class: "key" }, "Activation ", h("span", { class: "num" }, "0"), activation.canvas, full),
    meaning,
    h("span", { class: "key" }, "Edges into a node: weight × input ", h("span", {}, "−"), edges.canvas, h("span", {}, "+")),
    layers(hub),
  );
}

/** One row of the colour table, 256 pixels wide. */
class Bar {
  readonly canvas = h("canvas", { width: 256, height: 1, role: "img" });

  constructor(
    private hub: Hub,
    private row: 0 | 1,
  ) {
    this.canvas.setAttribute("aria-label", row ? "from negative to positive" : "from zero to full");
    hub.on("network", () => this.paint());
    hub.on("theme", () => this.paint());
    this.paint();
  }

  private paint(): void {
    const palette = this.hub.network?.palettes[isDark() ? "dark" : "light"];
    if (!palette) return;
    const context = this.canvas.getContext("2d")!;
    const image = context.createImageData(256, 1);
    image.data.set(palette.subarray(1024 * this.row, 1024 * (this.row + 1)));
    context.putImageData(image, 0, 0);
  }
}

/** Check boxes to hide and show layers, with their names and shapes. */
function layers(hub: Hub): HTMLElement {
  const list = h("div", { class: "layer-list" });
  const summary = h("summary", {}, "Layers");
  const build = (): void => {
    if (!hub.network || !hub.settings) return;
    const { hidden } = hub.settings;
    const boxes = hub.network.layers.map((layer) => {
      const box = h("input", {
        type: "checkbox",
        checked: !hidden.includes(layer.name),
        onchange: () => {
          const now = hub.settings!.hidden.filter((name) => name !== layer.name);
          hub.send({ type: "set", name: "hidden", value: box.checked ? now : [...now, layer.name] });
        },
      });
      return h("label", {}, box, h("span", {}, layer.label), h("span", { class: "muted num" }, layer.detail));
    });
    list.replaceChildren(...boxes);
    const count = hub.network.layers.length;
    summary.textContent = hidden.length ? `Layers: ${count - hidden.length} of ${count} shown` : "Layers";
  };
  hub.on("network", build);
  hub.on("settings", build);
  build();
  return h("details", { class: "layers" }, summary, list);
}
