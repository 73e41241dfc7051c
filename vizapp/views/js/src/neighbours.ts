/** From one node to the next: within its layer as it lies in the flat plot, or along its strongest edge. */

import { hoverEdges } from "./hover";
import type { Hub } from "./hub";
import { edgesInto, layerIndexOf } from "./network";
import { strongestOf } from "./selecting";
import type { Block, NetworkMessage } from "./wire";

export type Way = "left" | "right" | "up" | "down" | "above" | "below";

/** Where the keys begin: the node in focus, else the primary one, else the strongest of the uppermost layer. */
export function startOf(hub: Hub): number | null {
  const { network, focus, selection } = hub;
  if (!network) return null;
  const layers = shownLayers(hub);
  const known = [focus, ...selection.subarray(0, 1)].find((node) => node !== null && layers.includes(layerIndexOf(network, node)));
  if (known !== undefined) return known;
  return layers.length ? strongestOf(hub, layers[layers.length - 1]) : null;
}

/** The next node that way; the same one where there is no further. */
export function neighbour(hub: Hub, node: number, way: Way): number {
  const { network } = hub;
  if (!network) return node;
  if (way === "above") return upper(hub, network, node);
  if (way === "below") return lower(hub, network, node);
  const at = network.blocks.findIndex((b) => node >= b.first && node < b.first + b.count);
  const block = network.blocks[at];
  const [row, col] = [Math.floor((node - block.first) / block.cols), (node - block.first) % block.cols];
  if (way === "up" || way === "down") return place(block, row + (way === "up" ? -1 : 1), col) ?? node;
  const step = way === "left" ? -1 : 1;
  const near = place(block, row, col + step);
  if (near !== null) return near;
  // Over the edge of a map there is the next one.
  const next = network.blocks[at + step];
  if (next?.layer !== block.layer) return node;
  return place(next, row, step > 0 ? 0 : next.cols - 1) ?? node;
}

function place({ first, count, rows, cols }: Block, row: number, col: number): number | null {
  const index = row * cols + col;
  return row < 0 || row >= rows || col < 0 || col >= cols || index >= count ? null : first + index;
}

function shownLayers({ network, settings }: Hub): number[] {
  const hidden = settings?.hidden ?? [];
  return network!.layers.flatMap(({ name }, i) => (hidden.includes(name) ? [] : [i]));
}

/** Along the edge that brings most to the node. */
function lower(hub: Hub, network: NetworkMessage, node: number): number {
  const { nodes, values } = hoverEdges(network, hub.frame, node);
  return shown(hub, network, nodes.length ? nodes[largest(values)] : null, node);
}

/** Along the edge by which the node brings most: as its value is the same for all, that of the largest weight. */
function upper(hub: Hub, network: NetworkMessage, node: number): number {
  const layer = network.layers[layerIndexOf(network, node) + 1];
  if (!layer) return node;
  let [best, most] = [node, -1];
  for (let target = layer.offset; target < layer.offset + layer.count; target++) {
    const { nodes, weights } = edgesInto(network, target);
    const edge = nodes.indexOf(node);
    if (edge >= 0 && Math.abs(weights[edge]) > most) [best, most] = [target, Math.abs(weights[edge])];
  }
  return shown(hub, network, best, node);
}

/** Nobody is led into a layer that is hidden. */
function shown(hub: Hub, network: NetworkMessage, found: number | null, node: number): number {
  return found !== null && shownLayers(hub).includes(layerIndexOf(network, found)) ? found : node;
}

function largest(values: Float32Array): number {
  return values.reduce((best, value, i) => (Math.abs(value) > Math.abs(values[best]) ? i : best), 0);
}
