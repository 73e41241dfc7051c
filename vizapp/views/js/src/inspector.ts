/** Everything about the primary node: its place, its inputs, its calculation, with the numbers of the moment. */

import type { Props } from "./bokeh";
import { h } from "./dom";

export function render(_props: Props): HTMLElement {
  return h("div", { class: "v-inspector" });
}
