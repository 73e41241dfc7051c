/** What the edges show: their colours with numbers, and one sentence. */

import type { Props } from "./bokeh";
import { h } from "./dom";
import { edgePalette, isTracing, showsClasses } from "./edges";
import { type Hub, hubOf } from "./hub";
import { share } from "./readout";
import type { EdgePixels } from "./wire";

const TONES = 36;
const HUES = 7;
/** Of the numbers at 0, 20 … 100 % of the bar, those that are printed. */
const TICKS = [1, 3, 5];

const SENTENCES: Record<string, (a: number, b: number) => string> = {
  weight: () => "w: what the network has learned, whatever is drawn; as a share of the layer's total.",
  contribution: () => "w·a: what flows along each edge for this drawing, as a share of the layer's usual flow.",
  evidence: (a) => `The share of the evidence for ${a} that travels along each edge (its logit, by LRP-ε).`,
  count: () => "How many edges run through a pixel, whatever their weight.",
  contrast: (a, b) => `Pour in blue for ${a} and red for ${b}, and look for the purple: edges that speak for both.`,
};

export function render({ view }: Props): HTMLElement {
  const hub = hubOf(view.model.document);
  const canvas = h("canvas", { width: TONES, height: HUES, role: "img", "aria-label": "Colours of the edges, from faint to strong" });
  const low = h("span", {});
  const high = h("span", {});
  const ticks = h("span", { class: "ticks num" });
  const detail = h("span", { class: "muted num note" });
  const sentence = h("span", { class: "muted" });

  const paint = (): void => {
    const palette = edgePalette(hub);
    if (!palette) return;
    const context = canvas.getContext("2d")!;
    const image = context.createImageData(TONES, HUES);
    for (let hue = 0; hue < HUES; hue++) {
      for (let tone = 0; tone < TONES; tone++) {
        const code = 1 + tone * HUES + hue;
        image.data.set(palette.subarray(4 * code, 4 * code + 4), 4 * (hue * TONES + tone));
      }
    }
    context.putImageData(image, 0, 0);
  };
  const words = (): void => {
    const { settings, frame } = hub;
    if (!settings || !frame) return;
    const [a, b] = frame.contrast;
    const traced = isTracing(hub);
    const counts = settings.lens === "count" && !traced;
    low.textContent = showsClasses(hub) ? `for ${a}` : counts ? "" : "negative";
    high.textContent = showsClasses(hub) ? `for ${b}` : counts ? "edges" : "positive";
    sentence.textContent = traced ? "The paths that carry most of the selected node's value, down to the pixels." : SENTENCES[settings.lens](a, b);
  };
  const numbers = ({ bar }: EdgePixels): void => {
    const counts = hub.settings?.lens === "count" && !isTracing(hub);
    const text = (value: number): string => (counts ? Math.round(value).toLocaleString("en") : share(value));
    ticks.replaceChildren(...TICKS.map((i) => h("span", { style: `left: ${20 * i}%` }, text(bar[i]))));
  };
  hub.on("network", paint);
  hub.on("theme", paint);
  hub.on("settings", () => {
    paint();
    words();
  });
  hub.on("frame", words);
  hub.on("selection", () => {
    paint();
    words();
  });
  hub.on("frame", ({ edges }) => {
    if (edges) numbers(edges);
  });
  hub.on("edges", ({ edges, exact, note }) => {
    numbers(edges);
    // A sentence changes as the drawing rests, not at every movement.
    if (exact) detail.textContent = note ?? "";
  });
  paint();
  words();
  const key = h("span", { class: "signs" }, low, high);
  const text = h("div", { class: "words" }, h("div", {}, sentence, progress(hub)), detail);
  return h("div", { class: "v-lens" }, h("span", { class: "bar" }, canvas, ticks), key, text);
}

/** Says that the picture is still being made, should it take long enough to notice. */
function progress(hub: Hub): HTMLElement {
  const note = h("span", { class: "muted", hidden: true }, " drawing the edges…");
  let timer = 0;
  hub.on("network", () => {
    timer = window.setTimeout(() => (note.hidden = false), 500);
  });
  hub.on("edges", () => {
    clearTimeout(timer);
    note.hidden = true;
  });
  return note;
}
