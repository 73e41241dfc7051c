/** Pictures of a Bokeh figure: BokehJS' own export, on the theme's paper. */

import { type PlotView, unscaledImages } from "./bokeh";
import type { Hub } from "./hub";
import { offer, surface } from "./pictures";

const SVG = "http://www.w3.org/2000/svg";

export function offerPlot(hub: Hub, pane: string, title: string, plot: PlotView): void {
  offer(hub, pane, {
    svg: () => {
      const root = unscaledImages(() => plot.export("svg", false).canvas as SVGSVGElement);
      const { width, height } = plot.frame.bbox;
      // Cells have sharp borders; the raster of the edges, as wide as the plot, has none.
      for (const image of root.querySelectorAll("image")) {
        const [across, up] = ["width", "height"].map((name) => Number(image.getAttribute(name)));
        if (across < width / 2 || up < height / 4) image.setAttribute("style", "image-rendering: pixelated");
      }
      const name = document.createElementNS(SVG, "title");
      name.textContent = `${title} of the network ${hub.network?.title ?? ""}`;
      const paper = document.createElementNS(SVG, "rect");
      for (const [key, value] of Object.entries({ width: "100%", height: "100%", fill: surface() })) paper.setAttribute(key, value);
      root.setAttribute("viewBox", `0 0 ${width} ${height}`);
      root.prepend(name, paper);
      return { width, height, text: new XMLSerializer().serializeToString(root) };
    },
  });
}
