/** A drawing as a network sees it, 28×28, small, in the theme's ink. */

import { h } from "../dom";
import { inkColour } from "../ink";

export const SIDE = 28;

export function thumb(): HTMLCanvasElement {
  return h("canvas", { width: SIDE, height: SIDE, class: "thumb-ink" });
}

/** Bytes are strengths of ink; nothing is drawn where there are none. */
export function paint(canvas: HTMLCanvasElement, bytes: Uint8Array | null): void {
  const context = canvas.getContext("2d")!;
  context.clearRect(0, 0, SIDE, SIDE);
  if (!bytes) return;
  const image = context.createImageData(SIDE, SIDE);
  const colour = [1, 3, 5].map((i) => parseInt(inkColour().slice(i, i + 2), 16));
  for (let i = 0; i < bytes.length; i++) image.data.set([...colour, bytes[i]], 4 * i);
  context.putImageData(image, 0, 0);
}
