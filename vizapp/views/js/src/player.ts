/** The timeline: a walk through the network, step by step. */

import type { Props } from "./bokeh";
import { h } from "./dom";

export function render(_props: Props): HTMLElement {
  return h("div", { class: "v-player" });
}
