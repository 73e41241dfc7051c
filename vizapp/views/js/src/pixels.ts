/** Pointing at a pixel of what the network sees is pointing at its node, and a click selects it. */

import type { Hub } from "./hub";
import { modeOf } from "./selecting";

const ORIGIN = "seen";

/** `size`: pixels in a row and in a column of the picture, which the input layer may have a frame around. */
export function pointAtPixels(hub: Hub, canvas: HTMLCanvasElement, size: number): void {
  const under = (event: MouseEvent): number | null => {
    const input = hub.network?.blocks[0];
    if (!input) return null;
    const box = canvas.getBoundingClientRect();
    const [col, row] = [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height].map((share) =>
      Math.floor(share * size),
    );
    if (row < 0 || col < 0 || row >= size || col >= size) return null;
    const frame = (input.cols - size) / 2;
    return input.first + (row + frame) * input.cols + col + frame;
  };
  canvas.style.cursor = "pointer";
  const point = (event: PointerEvent): void => hub.setFocus(under(event), ORIGIN, event.timeStamp);
  canvas.addEventListener("pointermove", point);
  canvas.addEventListener("pointerdown", point);
  canvas.addEventListener("pointerleave", () => hub.setFocus(null, ORIGIN));
  canvas.addEventListener("click", (event) => {
    const node = under(event);
    if (node !== null) hub.send({ type: "pick", nodes: Uint32Array.of(node), mode: modeOf(event), origin: ORIGIN });
  });
}
