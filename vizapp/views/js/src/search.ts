/** A field to find nodes by name, by strength or by what they say. */

import type { Props } from "./bokeh";
import { h } from "./dom";

export function render(_props: Props): HTMLElement {
  return h("div", { class: "v-search" });
}
