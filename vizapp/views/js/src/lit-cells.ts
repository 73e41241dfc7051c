/** Where in the flat plot the nodes are that take part in a step. */

import { layerIndexOf } from "./network";
import type { Block, NetworkMessage } from "./wire";

/** x0, x1, y0, y1 in the layout's units. */
export type Box = [number, number, number, number];

/** Runs of nodes, [first, count, first, count, …], as boxes; between two layers that take part as a whole, all. */
export function holes(network: NetworkMessage, lit: Uint32Array): Box[] {
  const found: Box[] = [];
  for (const block of network.blocks) {
    for (const [first, stop] of within(lit, block.first, block.first + block.count)) {
      if (stop - first === block.count) found.push(boxOf(block));
      else found.push(...cells(block, first - block.first, stop - block.first));
    }
  }
  const whole = network.layers.map(({ offset, count }) => total(within(lit, offset, offset + count)) === count);
  const left = Math.min(...network.blocks.map((block) => block.x));
  const right = Math.max(...network.blocks.map((block) => block.x + block.cols * block.spacing));
  whole.forEach((_, layer) => {
    if (whole[layer] && whole[layer + 1]) found.push([left, right, layerBox(network, layer)[2], layerBox(network, layer + 1)[3]]);
  });
  const last = network.layers.length - 1;
  if (whole[last]) {
    // The digits stand above their nodes.
    const [x0, x1, y0, y1] = layerBox(network, last);
    found.push([x0, x1, y0, y1 + (y1 - y0)]);
  }
  return found;
}

/** The box around those of the nodes that belong to one layer; null if there are none. */
export function litBox(network: NetworkMessage, lit: Uint32Array, layer: number): Box | null {
  const { offset, count } = network.layers[layer];
  const box: Box = [Infinity, -Infinity, Infinity, -Infinity];
  for (const [first, stop] of within(lit, offset, offset + count)) {
    for (let node = first; node < stop; node++) {
      const [x, y, half] = [network.flat[2 * node], network.flat[2 * node + 1], network.flat_size[node] / 2];
      box[0] = Math.min(box[0], x - half);
      box[1] = Math.max(box[1], x + half);
      box[2] = Math.min(box[2], y - half);
      box[3] = Math.max(box[3], y + half);
    }
  }
  return box[0] < box[1] ? box : null;
}

/** The first nodes of a step as far as each lies in the layer below the one before. */
export function pathOf(network: NetworkMessage, nodes: Uint32Array): Uint32Array {
  const layers = Array.from(nodes, (node) => layerIndexOf(network, node));
  const end = layers.findIndex((layer, i) => i > 0 && layer !== layers[i - 1] - 1);
  return end < 0 ? nodes : nodes.subarray(0, end);
}

/** The parts of runs from `start` to below `stop`, as [first, end) pairs. */
export function within(runs: Uint32Array, start: number, stop: number): [number, number][] {
  const found: [number, number][] = [];
  for (let i = 0; i < runs.length; i += 2) {
    const [from, to] = [Math.max(runs[i], start), Math.min(runs[i] + runs[i + 1], stop)];
    if (from < to) found.push([from, to]);
  }
  return found;
}

function total(runs: [number, number][]): number {
  return runs.reduce((sum, [from, to]) => sum + to - from, 0);
}

/** Cells `start` to below `stop` of a block, one box for those side by side. */
function cells(block: Block, start: number, stop: number): Box[] {
  const found: Box[] = [];
  const margin = (block.spacing - block.cell) / 2;
  for (let at = start; at < stop; ) {
    const row = Math.floor(at / block.cols);
    const end = Math.min(stop, (row + 1) * block.cols);
    const x = block.x + (at % block.cols) * block.spacing + margin;
    const y = block.y + (block.rows - 1 - row) * block.spacing + margin;
    found.push([x, x + (end - at - 1) * block.spacing + block.cell, y, y + block.cell]);
    at = end;
  }
  return found;
}

function boxOf(block: Block): Box {
  return [block.x, block.x + block.cols * block.spacing, block.y, block.y + block.rows * block.spacing];
}

function layerBox(network: NetworkMessage, layer: number): Box {
  const boxes = network.blocks.filter((block) => block.layer === layer).map(boxOf);
  return [
    Math.min(...boxes.map((b) => b[0])),
    Math.max(...boxes.map((b) => b[1])),
    Math.min(...boxes.map((b) => b[2])),
    Math.max(...boxes.map((b) => b[3])),
  ];
}
