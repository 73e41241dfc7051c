/** Undo, links, files and embedding: the whole state for others. */

import type { Props } from "./bokeh";
import { h } from "./dom";

export function render(_props: Props): HTMLElement {
  return h("div", { class: "v-share" });
}
