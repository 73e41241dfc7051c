/** Connects the 3D scene, which knows nothing of Panel, to the page's hub. */

import type { Props } from "./bokeh";
import { h, isDark } from "./dom";
import { edgePalette } from "./edges";
import { onCorners } from "./field";
import { followWalk } from "./follow";
import { hoverEdges } from "./hover";
import { type Hub, hubOf } from "./hub";
import { nodeName } from "./network";
import { Pace } from "./pace";
import { askForEdges } from "./scene-edges";
import { offerScene } from "./scene-picture";
import { selectInScene } from "./scene-selection";
import { NetworkScene, type SceneTheme, type Vector } from "./scene/scene";
import type { EdgesMessage, FrameMessage, NetworkMessage } from "./wire";

/** The colours of the page, as the page's own style sheet has them. */
const LIGHT: SceneTheme = {
  background: "#ffffff",
  glow: "#d9e2ec",
  ink: "#1f2933",
  muted: "#5f6b76",
  negative: "#0e6e6a",
  positive: "#a8500f",
};
const DARK: SceneTheme = {
  background: "#161b21",
  glow: "#2d3a48",
  ink: "#e6ebf0",
  muted: "#9aa7b4",
  negative: "#5fcfc4",
  positive: "#ffb45c",
};

export function render({ model, view }: Props): HTMLElement {
  const hub = hubOf(view.model.document);
  const stage = h("div", { class: "stage" });
  const tools = h("div", { class: "pane-tools", role: "toolbar", "aria-label": "Views of the 3D scene" });
  const root = h("div", { class: "v-scene" }, stage, tools);
  const scene = start(hub, stage, tools);
  // In a notebook, when its cell is run again.
  model.on("remove", () => scene?.dispose());
  askForEdges(hub, view.model.document);
  return root;
}

function start(hub: Hub, stage: HTMLElement, tools: HTMLElement): NetworkScene | null {
  let scene: NetworkScene;
  try {
    scene = new NetworkScene(stage);
  } catch {
    stage.replaceChildren(
      h(
        "p",
        { class: "notice", role: "alert" },
        "The 3D scene needs WebGL 2, which this browser does not offer here. Everything else works: the flat plot shows the same nodes.",
      ),
    );
    return null;
  }
  let difference = false;
  const recolour = (): void => {
    if (hub.network) scene.setPalette(palette(hub.network, difference));
    scene.setTheme(isDark() ? DARK : LIGHT);
  };
  const show = (network: NetworkMessage): void => {
    scene.setNetwork({
      name: network.name,
      layers: network.layers,
      positions: network.positions,
      flat: network.flat,
      size: network.size,
      flatSize: network.flat_size,
      blocks: network.blocks,
      cameras: network.cameras as unknown as Record<string, { position: Vector; target: Vector }>,
      outputs: outputs(network),
    });
    recolour();
    hide();
    buttons(scene, network, tools);
  };
  const hide = (): void => {
    const hidden = hub.settings?.hidden ?? [];
    if (hub.network) scene.setVisibleLayers(hub.network.layers.map((layer) => !hidden.includes(layer.name)));
  };
  let traced: { node: number | null } | null = null;
  let drawn: EdgesMessage["lines"] = null;
  const draw = (): void => {
    const palette = edgePalette(hub);
    if (!palette || !drawn) return;
    const rgba = new Uint8Array(4 * drawn.code.length);
    drawn.code.forEach((code, i) => rgba.set(palette.subarray(4 * code, 4 * code + 4), 4 * i));
    scene.setEdges(Uint32Array.from(drawn.source), Uint32Array.from(drawn.target), rgba);
    // For whoever cannot see them: a canvas tells nothing.
    stage.dataset.edges = String(drawn.code.length);
  };
  const highlight = (): void => {
    const { network, frame, focus } = hub;
    if (!network || focus === null) scene.setHover(null);
    else scene.setHover(focus, hoverEdges(network, frame, focus), nodeName(network, focus));
  };
  selectInScene(hub, scene, stage);
  const pace = new Pace<FrameMessage>((frame) => {
    if (frame.network !== hub.network?.name) return;
    if (frame.difference !== difference) scene.setPalette(palette(hub.network, (difference = frame.difference)));
    scene.setLevels(frame.levels, frame.ack);
    if (hub.focus !== null) highlight();
  });
  scene.onPainted = (ack) => {
    pace.painted();
    hub.emit("painted", { pane: "scene", ack: ack as number });
  };
  hub.on("network", show);
  // A frame of software GL holds up the whole page: the answer and the flat plot are shown first.
  hub.on("frame", (frame) => requestAnimationFrame(() => setTimeout(() => pace.offer(frame))));
  hub.on("edges", ({ lines }) => {
    if (lines) drawn = lines;
    draw();
  });
  hub.on("network", () => {
    drawn = null;
    delete stage.dataset.edges;
  });
  let seen: number[] = [];
  let marking = false;
  const marked = (): void => {
    marking = false;
    scene.setSelection(hub.selection, hub.selection.length ? hub.selection[0] : null, seen);
  };
  // The flat plot and the inspector are shown first.
  const mark = (): void => {
    if (!marking) requestAnimationFrame(() => setTimeout(marked));
    marking = true;
  };
  hub.on("selection", mark);
  onCorners(hub, (nodes) => {
    seen = nodes;
    mark();
  });
  hub.on("focus", ({ node }) => {
    highlight();
    traced = { node };
  });
  scene.onTraced = () => {
    if (traced) hub.emit("traced", { pane: "scene", ...traced });
    traced = null;
  };
  hub.on("theme", () => {
    recolour();
    draw();
  });
  hub.on("settings", hide);
  if (hub.network) show(hub.network);
  if (hub.frame) pace.offer(hub.frame);
  followWalk(hub, scene, stage);
  offerScene(hub, scene);
  return scene;
}

/** Sequential, then diverging; of a difference both are diverging. */
function palette({ palettes }: NetworkMessage, difference: boolean): Uint8Array {
  const both = palettes[isDark() ? "dark" : "light"];
  return difference ? Uint8Array.of(...both.subarray(1024), ...both.subarray(1024)) : both;
}

/** The digits at the output. */
function outputs(network: NetworkMessage): { node: number; text: string }[] {
  const last = network.layers[network.layers.length - 1];
  return Array.from({ length: last.count }, (_, digit) => ({ node: last.offset + digit, text: String(digit) }));
}

function buttons(scene: NetworkScene, network: NetworkMessage, tools: HTMLElement): void {
  const views = Object.entries(network.cameras).map(([name, { label }]) =>
    h("button", { type: "button", title: `View from: ${label}`, onclick: () => scene.view(name) }, label),
  );
  const flatten = h(
    "button",
    {
      type: "button",
      "aria-pressed": "false",
      title: "Lay all layers flat, as in the flat plot",
      onclick: () => {
        const flat = flatten.getAttribute("aria-pressed") !== "true";
        flatten.setAttribute("aria-pressed", String(flat));
        scene.setFlat(flat);
      },
    },
    "Flatten",
  );
  const reset = h("button", { type: "button", title: "Back to the first view", onclick: () => scene.reset() }, "Reset");
  tools.replaceChildren(...views, flatten, reset);
}
