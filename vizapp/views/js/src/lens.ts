/** What the edges show: their colours with numbers, and one sentence. */

import type { Props } from "./bokeh";
import { h } from "./dom";
import { edgePalette } from "./edges";
import { type Hub, hubOf } from "./hub";
import { share } from "./readout";
import type { EdgePixels } from "./wire";

const TONES = 36;
const HUES = 7;

const SENTENCES: Record<string, (a: number, b: number) => string> = {
  weight: () => "w: what the network has learned, whatever is drawn; as a share of the layer's total.",
  contribution: () => "w·a: what flows along each edge for this drawing, as a share of the layer's usual flow.",
  evidence: (a) => `The share of the evidence for ${a} that travels along each edge (its logit, by LRP-ε).`,
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
    const contrast = settings.lens === "contrast";
    low.textContent = contrast ? `for ${a}` : "−";
    high.textContent = contrast ? `for ${b}` : "+";
    const traced = settings.tracing && hub.selection.length > 0;
    sentence.textContent = traced ? "The paths that carry most of the selected node's value, down to the pixels." : SENTENCES[settings.lens](a, b);
  };
  const numbers = ({ bar }: EdgePixels): void => {
    ticks.replaceChildren(...[1, 3, 5].map((i) => h("span", {}, share(bar[i]))));
  };
  hub.on("network", paint);
  hub.on("theme", paint);
  hub.on("settings", () => {
    paint();
    words();
  });
  hub.on("frame", words);
  hub.on("selection", words);
  // Numbers change as the drawing rests, not at every movement.
  hub.on("edges", ({ edges, exact, note }) => {
    numbers(edges);
    if (exact) detail.textContent = note ?? "";
  });
  paint();
  words();
  const key = h("span", { class: "signs" }, low, high);
  return h("div", { class: "v-lens" }, h("span", { class: "bar" }, canvas, ticks), key, sentence, detail, progress(hub));
}

/** Says that the picture is still being made, should it take long enough to notice. */
function progress(hub: Hub): HTMLElement {
  const note = h("span", { class: "muted", hidden: true }, "drawing the edges…");
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
