/** While a drawing goes through a range: what the network sees of it, laid over the pad, and the way back. */

import { h, isDark } from "./dom";
import type { Hub } from "./hub";
import { onLocks } from "./locks";
import { pixelImage } from "./pictures";
import type { VariedMessage } from "./crossing/messages";

const SIZE = 28;
/** Of full ink over the drawing, which stays in sight. */
const OPACITY = 0.62;
const ACCENT = { light: [27, 100, 165], dark: [111, 177, 238] };

const told = new WeakMap<Hub, VariedMessage>();

/** What lies over the pad, as content of an SVG of so many pixels a side; nothing where there is nothing. */
export function variedContent(hub: Hub, side: number): string {
  const { image, frame } = told.get(hub) ?? {};
  if (!image || !frame || !shown(hub)) return "";
  const [left, top, size] = frame.map((part) => part * side);
  return pixelImage(coloured(image), SIZE, left, top, size, size);
}

/** Where something else is laid over the drawing, that is what somebody looks at. */
function shown(hub: Hub): boolean {
  return (hub.settings?.pad_shows ?? "drawing") === "drawing";
}

function coloured(image: Uint8Array): Uint8ClampedArray {
  const rgba = new Uint8ClampedArray(4 * image.length);
  const colour = ACCENT[isDark() ? "dark" : "light"];
  image.forEach((ink, i) => rgba.set([...colour, ink * OPACITY], 4 * i));
  return rgba;
}

/** Over the pad's figure, which goes on taking the pen. */
export function layVaried(hub: Hub, figure: HTMLElement): void {
  const canvas = h("canvas", { class: "varied-ink", width: SIZE, height: SIZE, hidden: true, "aria-hidden": "true" });
  const words = h("span", {});
  const back = h("button", { type: "button", onclick: () => goBack() }, "Back to as drawn");
  const note = h("div", { class: "varied-note", role: "group", "aria-label": "What the network sees of the drawing", hidden: true }, back, words);
  figure.append(canvas, note);
  const context = canvas.getContext("2d")!;
  let neutral: number | null = null;

  const goBack = (): void => {
    // Of a morph only the second axis does something to the drawing.
    hub.send({ type: "cursor", seq: 1, across: null, ...(neutral === null ? {} : { position: neutral }) });
  };
  const show = (): void => {
    const { words: what = null, image, frame } = told.get(hub) ?? {};
    note.hidden = what === null;
    canvas.hidden = !image || !shown(hub);
    if (what !== null) words.textContent = `${what}, as the network sees it`;
    if (!image || !frame) return;
    const [left, top, side] = frame.map((part) => `${100 * part}%`);
    Object.assign(canvas.style, { left, top, width: side, height: side });
    const pixels = context.createImageData(SIZE, SIZE);
    pixels.data.set(coloured(image));
    context.putImageData(pixels, 0, 0);
  };
  hub.on("timeline", (message) => (neutral = message.kind === null ? null : message.neutral));
  hub.on("varied", (message) => {
    told.set(hub, message);
    show();
  });
  hub.on("settings", show);
  hub.on("theme", show);
  onLocks(hub, ["cursor", "across"], (locked) => (back.disabled = locked));
}
