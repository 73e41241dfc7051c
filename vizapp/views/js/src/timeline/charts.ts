/** The charts that can stand beside the confidence curve, by the names of the setting `chart`. */

import type { Hub } from "../hub";
import type { SideChart } from "./chart";
import { mapChart } from "./map";
import { activeNodes } from "./nodes/active";
import { allNodes } from "./nodes/all";
import { decidingNodes } from "./nodes/deciding";
import { selectedNodes } from "./nodes/selected";
import { readoutsChart } from "./readouts";
import type { Sheet } from "./sheet";

export const CHARTS: Record<string, (sheet: Sheet, hub: Hub) => SideChart> = {
  "read-outs": readoutsChart,
  "selected nodes": selectedNodes,
  "all nodes": allNodes,
  "deciding nodes": decidingNodes,
  "active nodes": activeNodes,
  map: mapChart,
};
