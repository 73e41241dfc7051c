/** The test images as a map, with the present drawing on it. */

import type { Props } from "./bokeh";
import { h } from "./dom";

export function render(_: Props): HTMLElement {
  return h("div", { class: "v-landscape" });
}
