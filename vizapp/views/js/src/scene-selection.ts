/** Selecting in the 3D scene: by pointer, by label, by keyboard. */

import type { Hub, Preview } from "./hub";
import { BY_KEYS, LETTERS, nodeKey } from "./keys";
import type { Group, NetworkScene } from "./scene/scene";
import { layerGroup, mapGroup, modeOf, pickAll } from "./selecting";

const ORIGIN = "scene";

export function selectInScene(hub: Hub, scene: NetworkScene, stage: HTMLElement): void {
  const preview = ({ layer, map }: Group): Preview | null =>
    hub.network && (map === null ? layerGroup(hub.network, layer) : mapGroup(hub.network, layer, map));
  let own: Preview | null = null;
  scene.onHover = (node, at) => hub.setFocus(node, ORIGIN, at);
  scene.onPick = (node, { shift }) =>
    hub.send({
      type: "pick",
      nodes: node === null ? new Uint32Array(0) : Uint32Array.of(node),
      mode: modeOf({ shiftKey: shift }),
      origin: ORIGIN,
    });
  scene.onGroup = (group) => {
    const left = own;
    own = group && preview(group);
    if (own || hub.preview === left) hub.setPreview(own);
  };
  scene.onPickGroup = (group, { shift }) => {
    const picked = preview(group);
    if (picked) pickAll(hub, picked.nodes, modeOf({ shiftKey: shift }), ORIGIN);
  };
  scene.canvas.addEventListener("keydown", (event) => {
    if (nodeKey(hub, event, LETTERS, ORIGIN + BY_KEYS)) event.preventDefault();
  });
  scene.canvas.addEventListener("blur", () => hub.setFocus(null, ORIGIN + BY_KEYS));
  hub.on("preview", (shown) => {
    if (hub.network) scene.setPreview(shown?.nodes ?? new Uint32Array(0));
  });
  const tell = (): void => {
    // For whoever cannot see it: a canvas tells nothing.
    stage.dataset.selected = runs(hub.selection);
    stage.dataset.primary = hub.selection.length ? String(hub.selection[0]) : "";
    stage.dataset.focus = hub.focus === null ? "" : String(hub.focus);
  };
  hub.on("selection", tell);
  hub.on("focus", tell);
  tell();
}

/** Nodes as text, in their order: "17 20-24". */
function runs(nodes: Uint32Array): string {
  const found: string[] = [];
  const sorted = nodes.slice().sort();
  for (let i = 0; i < sorted.length; i++) {
    const first = sorted[i];
    while (sorted[i + 1] === sorted[i] + 1) i++;
    found.push(sorted[i] === first ? String(first) : `${first}-${sorted[i]}`);
  }
  return found.join(" ");
}
