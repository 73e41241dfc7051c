/** Where the answer comes from: pictures on the pad, how they were tested, and what would change the answer. */

import type { Props } from "./bokeh";
import { h } from "./dom";

export function render(_: Props): HTMLElement {
  return h("div", { class: "v-explaining" });
}
