/** The 3D scene follows a walk: the camera flies to the step, and the edges into its primary node are drawn. */

import { hoverEdges } from "./hover";
import { pathOf, within } from "./lit-cells";
import type { Hub } from "./hub";
import type { NetworkScene } from "./scene/scene";
import type { NetworkMessage, WalkMessage } from "./wire";

/** While the pen moves, the frame that shows the new activations shows the new edges too. */
const REST_MS = 250;

export function followWalk(hub: Hub, scene: NetworkScene, stage: HTMLElement): void {
  let step = "";
  let rest = 0;
  const draw = (soon = true): void => {
    const { network, frame, walk } = hub;
    clearTimeout(rest);
    if (!network) return;
    if (!walk) return scene.setStep(null);
    const edges = walk.nodes.length ? hoverEdges(network, frame, walk.nodes[0]) : null;
    scene.setStep({ path: pathOf(network, walk.nodes), edges }, soon);
    if (!soon) rest = window.setTimeout(draw, REST_MS);
  };
  const follow = (): void => {
    const { network, walk } = hub;
    if (!network) return;
    // Only from step to step: another drawing's strongest node is no reason to fly.
    const key = walk ? `${walk.name} ${walk.step}` : "";
    draw(key !== step);
    if (key === step) return;
    step = key;
    const runs = walk && place(network, walk);
    // For whoever cannot see where the camera goes: a canvas tells nothing.
    stage.dataset.aim = (runs && walk?.layer) ?? "";
    scene.aim(runs);
  };
  hub.on("walk", follow);
  hub.on("theme", () => draw());
  hub.on("network", () => (step = stage.dataset.aim = ""));
  if (hub.walk) follow();
}

/** What takes part, in the layer of the step and in the one below; null for what happens on the pad. */
function place(network: NetworkMessage, { layer, lit }: WalkMessage): Uint32Array | null {
  const at = network.layers.findIndex(({ name }) => name === layer);
  if (at < 0) return null;
  const [low, high] = [network.layers[Math.max(0, at - 1)], network.layers[at]];
  const runs = within(lit, low.offset, high.offset + high.count);
  return runs.length ? Uint32Array.from(runs.flatMap(([first, stop]) => [first, stop - first])) : null;
}
