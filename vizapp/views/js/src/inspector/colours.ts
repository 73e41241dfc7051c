/** Values to colours, by the same tables and in the same steps as the views (Python: views/colours.py, levels.py). */

import { isDark } from "../dom";
import { scaleOf } from "../hover";
import type { Hub } from "../hub";
import { layerIndexOf } from "../network";
import type { NetworkMessage } from "../wire";

/** 256 colours as pixels of ImageData have them, and what the last of them means. */
export interface Ramp {
  table: Uint32Array;
  /** Zero is in the middle. */
  signed: boolean;
  /** One number, or one for each map of a picture. */
  scale: number | number[];
}

const made = new WeakMap<NetworkMessage, Map<string, Uint32Array>>();

function table(hub: Hub, signed: boolean): Uint32Array {
  const { network } = hub;
  if (!network) return new Uint32Array(256);
  const tables = made.get(network) ?? new Map<string, Uint32Array>();
  made.set(network, tables);
  const theme = isDark() ? "dark" : "light";
  const key = `${theme} ${signed}`;
  const found = tables.get(key);
  if (found) return found;
  // What comes over the line may begin anywhere in its buffer.
  const bytes = network.palettes[theme].slice(signed ? 1024 : 0, signed ? 2048 : 1024);
  const colours = new Uint32Array(bytes.buffer, 0, 256);
  tables.set(key, colours);
  return colours;
}

/** For weights, products and sums: neutral is zero, the ends are the largest magnitude. */
export function diverging(hub: Hub, ...values: ArrayLike<number>[]): Ramp {
  return { table: table(hub, true), signed: true, scale: Math.max(...values.map(largest)) || 1 };
}

export function sequential(hub: Hub, scale: number | number[]): Ramp {
  return { table: table(hub, false), signed: false, scale };
}

/** For activations, coloured as the views do: `nodes` has one node of each map that the values belong to. */
export function activation(hub: Hub, nodes: number[], values: ArrayLike<number>): Ramp {
  const { network, frame } = hub;
  if (!network || !frame || !nodes.length) return sequential(hub, largest(values) || 1);
  const signed = network.layers[layerIndexOf(network, nodes[0])].signed;
  const scales = nodes.map((node) => scaleOf(network, frame, node));
  const one = scales.every((scale) => scale === scales[0]);
  // Where the views show differences, their scale may be less than what is shown here.
  return { table: table(hub, signed), signed, scale: one ? Math.max(scales[0], largest(values)) : scales };
}

/** For the bytes of a frame: the colours that the views have for them. */
export function levelColours(hub: Hub, node: number): Uint32Array {
  const { network, frame } = hub;
  const signed = !!network && (network.layers[layerIndexOf(network, node)].signed || !!frame?.difference);
  return table(hub, signed);
}

export function colourOf({ table, signed }: Ramp, value: number, scale: number): number {
  const level = signed ? 128 + (127 * value) / scale : (255 * value) / scale;
  return table[Math.min(255, Math.max(signed ? 1 : 0, Math.round(level)))];
}

export function css(colour: number): string {
  return `rgb(${colour & 255} ${(colour >> 8) & 255} ${(colour >> 16) & 255})`;
}

export function largest(values: ArrayLike<number>): number {
  let most = 0;
  for (let i = 0; i < values.length; i++) most = Math.max(most, Math.abs(values[i]));
  return most;
}
