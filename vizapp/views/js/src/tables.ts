/** Dialogs with the numbers behind the pictures: real tables, to be read by anybody and copied as CSV. */

import type { Props } from "./bokeh";
import { h } from "./dom";

export function render(_props: Props): HTMLElement {
  return h("div", { class: "v-tables" });
}
