/** What can be selected at once, and how it is: a click replaces, with Shift it adds or takes away. */

import type { Hub, Preview } from "./hub";
import type { Block, NetworkMessage } from "./wire";

export type Mode = "replace" | "add" | "toggle";

/** Of a click or a key on nodes that are named; what is swept over with Shift is only ever added. */
export function modeOf(event: { shiftKey: boolean }): Mode {
  return event.shiftKey ? "toggle" : "replace";
}

export function layerGroup(network: NetworkMessage, layer: number): Preview {
  const { name, offset, count } = network.layers[layer];
  return { name, nodes: run(offset, count) };
}

/** The blocks of a layer of several feature maps; none of a layer that has no maps to tell apart. */
export function mapsOf(network: NetworkMessage, layer: number): Block[] {
  const blocks = network.blocks.filter((block) => block.layer === layer);
  return blocks.length > 1 ? blocks : [];
}

/** `map`: from 0. */
export function mapGroup(network: NetworkMessage, layer: number, map: number): Preview {
  const { first, count } = mapsOf(network, layer)[map];
  return { name: `${network.layers[layer].name} map ${map + 1}`, nodes: run(first, count) };
}

function run(first: number, count: number): Uint32Array {
  return Uint32Array.from({ length: count }, (_, i) => first + i);
}

/** Select nodes; the strongest of them, as it is shown, becomes the primary one. */
export function pickAll(hub: Hub, nodes: Uint32Array, mode: Mode, origin: string): void {
  const order = nodes.slice();
  const strongest = order.reduce((best, node, i) => (strength(hub, node) > strength(hub, order[best]) ? i : best), 0);
  // Only the first counts; the others keep their order.
  if (strongest > 0) order.copyWithin(1, 0, strongest)[0] = nodes[strongest];
  hub.send({ type: "pick", nodes: order, mode, origin });
}

/** How far from nothing a node's colour is, 0 to 1. */
export function strength({ network, frame }: Hub, node: number): number {
  if (!network || !frame) return 0;
  const signed = frame.difference || network.layers.some((l) => l.signed && node >= l.offset && node < l.offset + l.count);
  return signed ? Math.abs(frame.levels[node] - 128) / 127 : frame.levels[node] / 255;
}

/** The node of a layer that is furthest from nothing. */
export function strongestOf(hub: Hub, layer: number): number {
  const { offset, count } = hub.network!.layers[layer];
  let best = offset;
  for (let node = offset; node < offset + count; node++) if (strength(hub, node) > strength(hub, best)) best = node;
  return best;
}
