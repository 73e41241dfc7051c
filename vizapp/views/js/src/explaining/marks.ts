/** What a picture of the pixels consists of: colours, the signs of a change, the outline of the ink. */

import { contour } from "../inspector/contour";
import { colourOf, diverging, type Ramp } from "../inspector/colours";
import { number } from "../dom";
import type { Hub } from "../hub";
import type { ExplanationMessage } from "./messages";

export const SIDE = 28;
/** A change is signed where it is at least this share of the largest. */
const SIGNED = 0.2;
/** On the pad, of what is zero and of what is largest: the ink below stays in sight. */
const [LEAST, MOST] = [0.62, 0.94];

export interface Marks {
  ramp: Ramp;
  /** The ink's outline, and plus and minus signs, as paths in pixels. */
  outline: string;
  signs: { plus: string; minus: string };
  /** What the two ends of the colours mean. */
  low: string;
  high: string;
}

export function marksOf(hub: Hub, message: ExplanationMessage): Marks | null {
  const { values, ink, method, classes, flip } = message;
  if (!values) return null;
  const ramp = diverging(hub, values);
  const [low, high] = flip ? ["erase", "add"] : method === "deconvolution" ? ["no ink", "ink"] : [`for ${classes[1]}`, `for ${classes[0]}`];
  return { ramp, outline: contour(ink), signs: flip ? signsOf(values, Number(ramp.scale)) : { plus: "", minus: "" }, low, high };
}

function signsOf(values: Float32Array, most: number): { plus: string; minus: string } {
  let [plus, minus] = ["", ""];
  values.forEach((value, i) => {
    if (Math.abs(value) < SIGNED * most) return;
    const [x, y] = [i % SIDE, Math.floor(i / SIDE)];
    if (value > 0) plus += `M${x + 0.22} ${y + 0.5}h.56M${x + 0.5} ${y + 0.22}v.56`;
    else minus += `M${x + 0.22} ${y + 0.5}h.56`;
  });
  return { plus, minus };
}

/** RGBA of the pixels, translucent where `over` something. */
export function coloured({ ramp }: Marks, values: Float32Array, over: boolean): Uint8ClampedArray {
  const scale = Number(ramp.scale);
  const rgba = new Uint8ClampedArray(4 * values.length);
  values.forEach((value, i) => {
    const colour = colourOf(ramp, value, scale);
    const share = Math.min(1, (2 * Math.abs(value)) / scale);
    const alpha = over ? LEAST + (MOST - LEAST) * share : 1;
    rgba.set([colour & 255, (colour >> 8) & 255, (colour >> 16) & 255, 255 * alpha], 4 * i);
  });
  return rgba;
}

/** "+0.124 for 2", "0.012 ink to erase". */
export function valueWords({ method, classes, flip }: ExplanationMessage, value: number): string {
  if (flip) return value === 0 ? "no change" : `${number(Math.abs(value))} to ${value > 0 ? "add" : "erase"}`;
  const signed = `${value > 0 ? "+" : ""}${number(value)}`;
  if (method === "deconvolution") return signed;
  return value === 0 ? "0" : `${signed}, for ${classes[value > 0 ? 0 : 1]}`;
}
