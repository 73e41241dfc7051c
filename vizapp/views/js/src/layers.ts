/** Which layers are shown. */

import type { Props } from "./bokeh";
import { h } from "./dom";
import { type Hub, hubOf } from "./hub";
import { lockable } from "./locks";
import { popover } from "./popover";

export function render({ view }: Props): HTMLElement {
  return layers(hubOf(view.model.document));
}

/** Check boxes to hide and show layers, with their names and shapes. */
function layers(hub: Hub): HTMLElement {
  const list = h("div", { class: "popover layer-list" });
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
  return popover(summary, lockable(hub, ["hidden"], list));
}
