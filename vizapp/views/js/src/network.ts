/** Edges of one node from the network's geometry, as `Network.edges_into` gives them on the server. */

import type { LayerDoc, NetworkMessage } from "./wire";

export interface Edges {
  /** The other ends, and the weight of each edge (pooling: 1 for each of the inputs). */
  nodes: Uint32Array;
  weights: Float32Array;
}

const NONE: Edges = { nodes: new Uint32Array(0), weights: new Float32Array(0) };

export function layerIndexOf(network: NetworkMessage, node: number): number {
  return network.layers.findIndex((l) => node >= l.offset && node < l.offset + l.count);
}

/** "conv2 map 7 (3, 4)", "fc1 unit 31", "output 7": maps and units from 1, rows and columns from 0. */
export function nodeName(network: NetworkMessage, node: number): string {
  const layer = network.layers[layerIndexOf(network, node)];
  const index = node - layer.offset;
  if (layer.name === "output") return `output ${index}`;
  if (layer.shape.length === 1) return `${layer.name} unit ${index + 1}`;
  const [maps, rows, cols] = layer.shape;
  const place = `(${Math.floor((index % (rows * cols)) / cols)}, ${index % cols})`;
  return maps === 1 ? `${layer.name} ${place}` : `${layer.name} map ${Math.floor(index / (rows * cols)) + 1} ${place}`;
}

/** All edges that end in `node`. */
export function edgesInto(network: NetworkMessage, node: number): Edges {
  const at = layerIndexOf(network, node);
  if (at <= 0) return NONE;
  const layer = network.layers[at];
  const below = network.layers[at - 1];
  const index = node - layer.offset;
  switch (layer.kind) {
    case "dense":
      return {
        nodes: Uint32Array.from({ length: below.count }, (_, i) => below.offset + i),
        weights: network.parameters[`${layer.name}.weight`].subarray(index * below.count, (index + 1) * below.count),
      };
    case "conv":
      return intoConvolution(network, layer, below, index);
    case "pool":
      return intoPooling(layer, below, index);
    default:
      return NONE;
  }
}

function intoConvolution(network: NetworkMessage, layer: LayerDoc, below: LayerDoc, index: number): Edges {
  const [, rows, cols] = layer.shape;
  const [channels, height, width] = below.shape;
  const kernel = height - rows + 1;
  const map = Math.floor(index / (rows * cols));
  const row = Math.floor((index % (rows * cols)) / cols);
  const col = index % cols;
  const count = channels * kernel * kernel;
  const nodes = new Uint32Array(count);
  let n = 0;
  for (let c = 0; c < channels; c++) {
    for (let i = 0; i < kernel; i++) {
      for (let j = 0; j < kernel; j++) nodes[n++] = below.offset + (c * height + row + i) * width + col + j;
    }
  }
  const weights = network.parameters[`${layer.name}.weight`].subarray(map * count, (map + 1) * count);
  return { nodes, weights };
}

function intoPooling(layer: LayerDoc, below: LayerDoc, index: number): Edges {
  const [, rows, cols] = layer.shape;
  const [, height, width] = below.shape;
  const window = height / rows;
  const map = Math.floor(index / (rows * cols));
  const row = Math.floor((index % (rows * cols)) / cols);
  const col = index % cols;
  const nodes: number[] = [];
  for (let i = 0; i < window; i++) {
    for (let j = 0; j < window; j++) {
      nodes.push(below.offset + (map * height + row * window + i) * width + col * window + j);
    }
  }
  return { nodes: Uint32Array.from(nodes), weights: new Float32Array(nodes.length).fill(1) };
}
