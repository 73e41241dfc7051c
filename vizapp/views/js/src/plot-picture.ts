/** Pictures of a Bokeh figure: BokehJS' own export, on the theme's paper. */

import type { PlotView } from "./bokeh";
import type { Hub } from "./hub";
import { offer, surface } from "./pictures";

const SVG = "http://www.w3.org/2000/svg";

export function offerPlot(hub: Hub, pane: string, title: string, plot: PlotView): void {
  offer(hub, pane, {
    svg: () => {
      const root = plot.export("svg", false).canvas as SVGSVGElement;
      const { width, height } = plot.frame.bbox;
      for (const image of root.querySelectorAll("image")) image.setAttribute("style", "image-rendering: pixelated");
      const paper = document.createElementNS(SVG, "rect");
      for (const [name, value] of Object.entries({ width: "100%", height: "100%", fill: surface() })) paper.setAttribute(name, value);
      root.setAttribute("viewBox", `0 0 ${width} ${height}`);
      root.prepend(named(`${title}, ${hub.network?.title ?? ""}`), paper);
      return { width, height, text: new XMLSerializer().serializeToString(root) };
    },
  });
}

function named(text: string): Element {
  const title = document.createElementNS(SVG, "title");
  title.textContent = text;
  return title;
}
