/** The pixels that matter, lit on the drawing itself: a translucent image over the pad while the pen rests. */

import { type BokehDocument, imageArray, setData, sourceNamed } from "./bokeh";
import { isDark } from "./dom";
import type { Hub } from "./hub";
import type { EdgesMessage } from "./wire";

const SIZE = 28;
/** Of a pixel that matters most; the ink below stays visible. */
const OPACITY = 0.8;

export function lightPixels(hub: Hub, document: BokehDocument): void {
  const source = sourceNamed(document, "vizapp-pad-lit");
  let lit = false;
  const clear = (): void => {
    if (lit) setData(source, { image: [], x: [], y: [], dw: [], dh: [] });
    lit = false;
  };
  const show = ({ edges, exact, frame }: EdgesMessage): void => {
    if (!exact || !edges.lit || !frame) return clear();
    const [x, y, side] = frame;
    lit = true;
    // Row 0 is the top one: the pad's y runs downwards.
    setData(source, { image: [imageArray(edges.lit.slice(), SIZE, SIZE)], x: [x], y: [y], dw: [side], dh: [side] });
  };
  const recolour = (): void => {
    const palette = hub.network?.palettes[isDark() ? "dark" : "light"];
    const mapper = document.get_model_by_name("vizapp-pad-lit-map") as { setv(values: object, options: object): void };
    if (palette) mapper.setv({ palette: Array.from({ length: 256 }, (_, i) => colour(palette, i)) }, { sync: false });
  };
  hub.on("frame", clear);
  hub.on("edges", show);
  hub.on("network", recolour);
  hub.on("theme", recolour);
  recolour();
}

/** Teal against, orange for, as the diverging table has them; nothing at 128. */
function colour(palette: Uint8Array, level: number): string {
  const strength = Math.min(1, Math.abs(level - 128) / 64);
  // The table's ends: its middle is neutral, and opacity says how much.
  const hue = 1024 + 4 * (level < 128 ? 0 : 255);
  const rgba = [...palette.subarray(hue, hue + 3), Math.round(255 * OPACITY * strength)];
  return `#${rgba.map((v) => v.toString(16).padStart(2, "0")).join("")}`;
}
