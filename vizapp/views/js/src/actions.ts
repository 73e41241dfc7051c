/** What can be taken from a pane: the numbers behind it, and pictures of it. */

import type { Props } from "./bokeh";
import { h } from "./dom";

export function render(_props: Props): HTMLElement {
  return h("div", { class: "v-actions" });
}
