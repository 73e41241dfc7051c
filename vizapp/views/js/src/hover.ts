/** The edges into the node under the pointer, with what flows along each, ready to be drawn. */

import { edgesInto, layerIndexOf } from "./network";
import type { FrameMessage, NetworkMessage } from "./wire";

export interface HoverEdges {
  nodes: Uint32Array;
  /** Contribution w·a of each edge over the largest magnitude among them: -1…1. */
  values: Float32Array;
}

/** What level 255 means for a node. */
export function scaleOf(network: NetworkMessage, frame: FrameMessage, node: number): number {
  const at = layerIndexOf(network, node);
  if (frame.scale !== "map") return frame.scales[at];
  let index = 0;
  for (const block of network.blocks) {
    if (node >= block.first && node < block.first + block.count) return frame.scales[index];
    index++;
  }
  return 1;
}

/** An activation as its colour shows it; exact numbers come from the server. */
export function shownActivation(network: NetworkMessage, frame: FrameMessage, node: number): number {
  const signed = frame.difference || network.layers[layerIndexOf(network, node)].signed;
  const level = frame.levels[node];
  return scaleOf(network, frame, node) * (signed ? (level - 128) / 127 : level / 255);
}

export function hoverEdges(network: NetworkMessage, frame: FrameMessage | null, node: number): HoverEdges {
  const { nodes, weights } = edgesInto(network, node);
  const values = new Float32Array(nodes.length);
  let largest = 0;
  for (let i = 0; i < nodes.length; i++) {
    values[i] = weights[i] * (frame ? shownActivation(network, frame, nodes[i]) : 1);
    largest = Math.max(largest, Math.abs(values[i]));
  }
  if (largest > 0) for (let i = 0; i < values.length; i++) values[i] /= largest;
  return { nodes, values };
}
