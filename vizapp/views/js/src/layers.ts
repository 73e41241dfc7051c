/** Which layers are shown; and buttons to select a whole layer or feature map, for whoever has no mouse. */

import type { Props } from "./bokeh";
import { h } from "./dom";
import { type Hub, hubOf, type Preview } from "./hub";
import { REASON } from "./locks";
import { popover } from "./popover";
import { layerGroup, mapGroup, mapsOf, modeOf, pickAll } from "./selecting";
import type { NetworkMessage } from "./wire";

export function render({ view }: Props): HTMLElement {
  return layers(hubOf(view.model.document));
}

/** Check boxes to hide and show layers, with their names and shapes. */
function layers(hub: Hub): HTMLElement {
  const list = h("div", { class: "popover layer-list" });
  const summary = h("summary", {}, "Layers");
  let boxes: HTMLInputElement[] = [];
  const build = (): void => {
    const { network } = hub;
    if (!network) return;
    boxes = network.layers.map(({ name }) => {
      const box = h("input", {
        type: "checkbox",
        onchange: () => {
          const now = hub.settings!.hidden.filter((other) => other !== name);
          hub.send({ type: "set", name: "hidden", value: box.checked ? now : [...now, name] });
        },
      });
      return box;
    });
    const rows = network.layers.flatMap(({ label, detail }, i) => [
      h("label", {}, boxes[i], h("span", {}, label), h("span", { class: "muted num" }, detail)),
      ...selectors(hub, network, i),
    ]);
    list.replaceChildren(...rows);
    show();
  };
  const show = (): void => {
    const { network, settings } = hub;
    if (!network || !settings) return;
    const { hidden, locked } = settings;
    boxes.forEach((box, i) => {
      box.checked = !hidden.includes(network.layers[i].name);
      box.disabled = locked.includes("hidden");
      box.title = box.disabled ? REASON : "";
    });
    summary.textContent = hidden.length ? `Layers: ${boxes.length - hidden.length} of ${boxes.length} shown` : "Layers";
  };
  hub.on("network", build);
  hub.on("settings", show);
  build();
  return popover(summary, list);
}

/** A button for the layer, and one for each of its feature maps; pointing at one shows what it selects. */
function selectors(hub: Hub, network: NetworkMessage, layer: number): HTMLElement[] {
  const button = (text: string, group: Preview): HTMLElement =>
    h(
      "button",
      {
        type: "button",
        "aria-label": `Select ${group.name}`,
        title: `Select ${group.name}: ${group.nodes.length.toLocaleString("en")} nodes; with Shift add them`,
        onclick: ((event: MouseEvent) => pickAll(hub, group.nodes, modeOf(event), "layers")) as EventListener,
        onpointerenter: () => hub.setPreview(group),
        onpointerleave: () => hub.setPreview(null),
        onfocus: () => hub.setPreview(group),
        onblur: () => hub.setPreview(null),
      },
      text,
    );
  const maps = mapsOf(network, layer).map((_, map) => button(String(map + 1), mapGroup(network, layer, map)));
  return [
    button("Select", layerGroup(network, layer)),
    h("div", { class: "maps", role: "group", "aria-label": `Feature maps of ${network.layers[layer].label}`, hidden: !maps.length }, ...maps),
  ];
}
