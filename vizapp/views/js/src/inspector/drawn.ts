/** The picture that the network sees, from what the page knows of it, and where a layer's nodes lie on it. */

import type { Hub } from "../hub";
import type { NetworkMessage } from "../wire";
import type { CompareMessage } from "./messages";

export const SIDE = 28;

/** Ink 0 to 1, float32[28 × 28], as exact as the frame's bytes. */
export function drawnPixels({ network, frame }: Hub, compare: CompareMessage | null): Float32Array | null {
  if (!network || !frame) return null;
  const before = frame.difference ? compare?.reference?.image : null;
  if (frame.difference && !before) return null;
  const cols = network.layers[0].shape[2];
  const pad = (cols - SIDE) / 2;
  const scale = frame.scales[0];
  const ink = new Float32Array(SIDE * SIDE);
  for (let row = 0; row < SIDE; row++) {
    for (let col = 0; col < SIDE; col++) {
      const level = frame.levels[(row + pad) * cols + col + pad];
      const place = row * SIDE + col;
      ink[place] = before ? before[place] / 255 + (scale * (level - 128)) / 127 : (scale * level) / 255;
    }
  }
  return ink;
}

/** Of a layer's maps: pixels from one node to the next, and where the centre of the first one lies on the picture. */
export function geometry(network: NetworkMessage, layer: number): { step: number; start: number } {
  let step = 1;
  let start = 0.5 - (network.layers[0].shape[2] - SIDE) / 2;
  for (let at = 1; at <= layer; at++) {
    const { kind, shape } = network.layers[at];
    const below = network.layers[at - 1].shape[2];
    const size = kind === "conv" ? below - shape[2] + 1 : Math.round(below / shape[2]);
    start += (step * (size - 1)) / 2;
    if (kind === "pool") step *= size;
  }
  return { step, start };
}
