/** Curves along a sweep, with a cursor that takes all panes along. */

import type { Props } from "./bokeh";
import { h } from "./dom";

export function render(_: Props): HTMLElement {
  return h("div", { class: "v-timeline" });
}
