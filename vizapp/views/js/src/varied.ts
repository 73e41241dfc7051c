/** While a drawing goes through a range: what the network sees of it, laid over the pad, and the way back. */

import { h, isDark } from "./dom";
import type { Hub } from "./hub";
import { onLocks } from "./locks";
import type { VariedMessage } from "./crossing/messages";

const SIZE = 28;
/** Of full ink over the drawing, which stays in sight. */
const OPACITY = 0.62;
const ACCENT = { light: [27, 100, 165], dark: [111, 177, 238] };

/** Over the pad's figure, which goes on taking the pen. */
export function layVaried(hub: Hub, figure: HTMLElement): void {
  const canvas = h("canvas", { class: "varied-ink", width: SIZE, height: SIZE, hidden: true, "aria-hidden": "true" });
  const words = h("span", {});
  const back = h("button", { type: "button", onclick: () => goBack() }, "Back to as drawn");
  const note = h("div", { class: "varied-note", role: "group", "aria-label": "What the network sees of the drawing", hidden: true }, back, words);
  figure.append(canvas, note);
  const context = canvas.getContext("2d")!;
  let told: VariedMessage | null = null;
  let neutral: number | null = null;

  const goBack = (): void => {
    // Of a morph only the second axis does something to the drawing.
    hub.send({ type: "cursor", seq: 1, across: null, ...(neutral === null ? {} : { position: neutral }) });
  };
  const show = (): void => {
    const { words: what, image, frame } = told ?? { words: null, image: null, frame: null };
    note.hidden = what === null;
    // Where something else is laid over the drawing, that is what somebody looks at.
    canvas.hidden = !image || (hub.settings?.pad_shows ?? "drawing") !== "drawing";
    if (what !== null) words.textContent = `${what}, as the network sees it`;
    if (!image || !frame) return;
    const [left, top, side] = frame.map((part) => `${100 * part}%`);
    Object.assign(canvas.style, { left, top, width: side, height: side });
    const pixels = context.createImageData(SIZE, SIZE);
    const colour = ACCENT[isDark() ? "dark" : "light"];
    image.forEach((ink, i) => pixels.data.set([...colour, ink * OPACITY], 4 * i));
    context.putImageData(pixels, 0, 0);
  };
  hub.on("timeline", (message) => (neutral = message.kind === null ? null : message.neutral));
  hub.on("varied", (message) => {
    told = message;
    show();
  });
  hub.on("settings", show);
  hub.on("theme", show);
  onLocks(hub, ["cursor", "across"], (locked) => (back.disabled = locked));
}
