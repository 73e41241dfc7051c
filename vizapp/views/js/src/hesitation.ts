/** How sure the network is of the present answer, and what that is worth. */

import type { Props } from "./bokeh";
import { h } from "./dom";

export function render(_: Props): HTMLElement {
  return h("div", { class: "v-hesitation" });
}
