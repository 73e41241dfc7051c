/** What the network sees: the 28×28 input, large enough to count its pixels. */

import type { Props } from "./bokeh";
import { h, isDark } from "./dom";
import { outlineOnPicture } from "./field";
import { type Hub, hubOf } from "./hub";
import { litColours, litShare } from "./lit";
import { offer, svgDocument } from "./pictures";
import { pointAtPixels } from "./pixels";

const SIZE = 28;
/** Side of a pixel in a picture to take away. */
const PICTURE = 10;

export function render({ view }: Props): HTMLElement {
  const hub = hubOf(view.model.document);
  const canvas = h("canvas", { width: SIZE, height: SIZE, class: "v-seen", role: "img" });
  canvas.setAttribute("aria-label", "The 28 by 28 pixels that the network sees");
  pointAtPixels(hub, canvas, SIZE);
  const context = canvas.getContext("2d")!;
  const image = context.createImageData(SIZE, SIZE);
  let lit: Uint8Array | null = null;
  const paint = (): void => {
    const bytes = seen(hub);
    const palette = hub.network?.palettes[isDark() ? "dark" : "light"];
    const ends = litColours(hub, isDark());
    if (!bytes || !palette || !ends) return;
    // Of a difference, zero is in the middle of the diverging colours.
    const [first, zero] = hub.frame?.difference ? [256, 384] : [0, 0];
    for (let i = 0; i < SIZE * SIZE; i++) {
      // Pixels that matter are lit on a dimmed drawing.
      const share = lit ? litShare(lit[i]) : 0;
      const end = ends[lit && lit[i] < 128 ? 0 : 1];
      for (let c = 0; c < 3; c++) {
        const seen = palette[4 * (first + bytes[i]) + c];
        const base = lit ? 0.3 * seen + 0.7 * palette[4 * zero + c] : seen;
        image.data[4 * i + c] = base + share * (end[c] - base);
      }
      image.data[4 * i + 3] = 255;
    }
    context.putImageData(image, 0, 0);
  };
  hub.on("frame", ({ edges }) => {
    if (edges) lit = edges.lit;
    paint();
  });
  hub.on("edges", ({ edges }) => {
    lit = edges.lit;
    paint();
  });
  hub.on("theme", paint);
  hub.on("settings", paint);
  paint();
  offer(hub, "seen", { svg: () => svgDocument(SIZE * PICTURE, SIZE * PICTURE, "What the network sees", squares(image.data)) });
  const root = h("div", { class: "v-seen-frame" }, canvas);
  outlineOnPicture(hub, root, SIZE);
  return root;
}

/** A square for every pixel, as the canvas shows it. */
function squares(rgba: Uint8ClampedArray): string {
  let content = "";
  for (let i = 0; i < SIZE * SIZE; i++) {
    const [x, y] = [(i % SIZE) * PICTURE, Math.floor(i / SIZE) * PICTURE];
    const colour = [0, 1, 2].map((c) => rgba[4 * i + c].toString(16).padStart(2, "0")).join("");
    content += `<rect x="${x}" y="${y}" width="${PICTURE}" height="${PICTURE}" fill="#${colour}"/>`;
  }
  return `<g shape-rendering="crispEdges">${content}</g>`;
}

/** The input layer's levels without the padding that a convolution adds around them. */
function seen({ network, frame }: Hub): Uint8Array | null {
  if (!network || !frame) return null;
  const cols = network.blocks[0].cols;
  const pad = (cols - SIZE) / 2;
  const out = new Uint8Array(SIZE * SIZE);
  for (let row = 0; row < SIZE; row++) {
    const start = (row + pad) * cols + pad;
    out.set(frame.levels.subarray(start, start + SIZE), row * SIZE);
  }
  return out;
}
