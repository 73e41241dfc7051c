/** Whole test sets and folders of images: measured in the background, with progress. */

import type { Props } from "./bokeh";
import { h } from "./dom";

export function render(_: Props): HTMLElement {
  return h("div", { class: "v-batch" });
}
