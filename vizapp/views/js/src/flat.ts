/** The pane of the flat plot. */

import { plotViewOf, type Props } from "./bokeh";
import { h } from "./dom";
import { FlatPlot } from "./flat/plot";
import { hubOf } from "./hub";
import { offerPlot } from "./plot-picture";

export function render(props: Props): HTMLElement {
  const root = h("div", { class: "v-flat" }, props.model.get_child("figure"));
  const { document } = props.view.model;
  void plotViewOf(props, "figure").then((plot) => {
    root.append(new FlatPlot(hubOf(document), plot, document, root).tools.element);
    offerPlot(hubOf(document), "flat", "Flat plot", plot);
  });
  return root;
}
