/** Edges where the scene is displayed without the flat plot, which asks for them otherwise. */

import type { BokehDocument } from "./bokeh";
import type { Hub } from "./hub";
import type { NetworkMessage } from "./wire";

/** After this long without a movement the lines are asked for. */
const REST_MS = 120;

/** Lines come with a picture of the flat plot: here it is next to nothing. */
export function askForEdges(hub: Hub, document: BokehDocument): void {
  if (document.get_model_by_name("vizapp-flat")) return;
  let rest = 0;
  const settle = (): void => {
    clearTimeout(rest);
    rest = window.setTimeout(() => hub.send({ type: "settle" }), REST_MS);
  };
  const ask = ({ bounds: [x0, x1, y0, y1] }: NetworkMessage): void => {
    hub.send({ type: "viewport", seq: 1, x0, x1, y0, y1, width: 8, height: 8 });
  };
  if (hub.network) ask(hub.network);
  hub.on("network", ask);
  hub.on("frame", ({ edges }) => edges && settle());
  hub.on("edges", ({ exact }) => exact || settle());
}
