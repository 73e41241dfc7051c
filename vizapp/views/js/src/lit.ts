/** The pixels that matter, lit on the drawing itself: a translucent image over the pad while the pen rests. */

import { type BokehDocument, imageArray, setData, setPalette, sourceNamed } from "./bokeh";
import { isDark } from "./dom";
import { showsClasses } from "./edges";
import type { Hub } from "./hub";
import type { EdgesMessage } from "./wire";

const SIZE = 28;
/** Of a coded edge: code 1 is all of the first class, code HUES all of the second. */
const HUES = 7;
/** Of a pixel that matters most; the ink below stays visible. */
const OPACITY = 0.8;

export function lightPixels(hub: Hub, document: BokehDocument): void {
  const source = sourceNamed(document, "vizapp-pad-lit");
  let lit = false;
  let last: EdgesMessage | null = null;
  const clear = (): void => {
    if (lit) setData(source, { image: [], x: [], y: [], dw: [], dh: [] });
    lit = false;
  };
  const show = (message: EdgesMessage): void => {
    last = message;
    const { edges, exact, frame } = message;
    // Where another picture lies over the drawing, this one would be taken for a part of it.
    if (!exact || !edges.lit || !frame || hub.settings?.pad_shows !== "drawing") return clear();
    const [x, y, side] = frame;
    lit = true;
    // Row 0 is the top one: the pad's y runs downwards.
    setData(source, { image: [imageArray(edges.lit.slice(), SIZE, SIZE)], x: [x], y: [y], dw: [side], dh: [side] });
  };
  const recolour = (): void => {
    // The other theme's colours: they lie on the ink, and ink is what the other theme's paper is.
    const ends = litColours(hub, !isDark());
    if (ends) setPalette(document, "vizapp-pad-lit-map", Array.from({ length: 256 }, (_, i) => colour(ends, i)));
  };
  hub.on("frame", () => {
    last = null;
    clear();
  });
  hub.on("edges", show);
  hub.on("network", recolour);
  hub.on("theme", recolour);
  hub.on("settings", () => {
    recolour();
    if (last) show(last);
  });
  hub.on("selection", recolour);
  recolour();
}

/** What is lit on the pad now, as RGBA of 28×28 pixels and where they are on the pad, whose side is 1. */
export function litImage(document: BokehDocument): { rgba: Uint8ClampedArray; x: number; y: number; side: number } | null {
  const data = sourceNamed(document, "vizapp-pad-lit").data as Record<string, ArrayLike<unknown>>;
  const levels = data.image[0] as ArrayLike<number> | undefined;
  if (!levels) return null;
  const { palette } = document.get_model_by_name("vizapp-pad-lit-map") as { palette: (string | number)[] };
  const rgba = new Uint8ClampedArray(4 * SIZE * SIZE);
  for (let i = 0; i < SIZE * SIZE; i++) {
    const text = String(palette[levels[i]]).slice(1);
    for (let c = 0; c < 4; c++) rgba[4 * i + c] = parseInt(text.slice(2 * c, 2 * c + 2), 16);
  }
  return { rgba, x: Number(data.x[0]), y: Number(data.y[0]), side: Number(data.dw[0]) };
}

/** RGB of a pixel that speaks most against and most for: two signs, or the second and the first class. */
export function litColours(hub: Hub, dark: boolean): [Uint8Array, Uint8Array] | null {
  const { network } = hub;
  if (!network) return null;
  const theme = dark ? "dark" : "light";
  const at = (table: Uint8Array, index: number): Uint8Array => table.subarray(4 * index, 4 * index + 3);
  if (!showsClasses(hub)) return [at(network.palettes[theme], 256), at(network.palettes[theme], 511)];
  const classes = network.edge_palettes.class[theme];
  return [at(classes, HUES), at(classes, 1)];
}

/** How much a level of 0 to 255 lights a pixel, 0 to 1; 128 is nothing. */
export function litShare(level: number): number {
  return Math.min(1, Math.abs(level - 128) / 64);
}

function colour([against, favour]: [Uint8Array, Uint8Array], level: number): string {
  const rgba = [...(level < 128 ? against : favour), Math.round(255 * OPACITY * litShare(level))];
  return `#${rgba.map((v) => v.toString(16).padStart(2, "0")).join("")}`;
}
