// Everything in the scene that is made for one network.
import type { Mesh, LineSegments } from "three";
import { Bounds } from "./bounds";
import { Cells } from "./cells";
import { Edges } from "./edges";
import { Labels } from "./labels";
import type { GroupHandlers } from "./map-labels";
import { NodeTextures } from "./nodes";
import { HoverOverlay } from "./overlay";
import { Plates } from "./plates";
import type { SceneNetwork } from "./types";

export interface Parts {
  nodes: NodeTextures;
  bounds: Bounds;
  cells: Cells;
  plates: Plates;
  /** The strongest of all, and those of a step. */
  edges: Edges;
  stepEdges: Edges;
  hover: HoverOverlay;
  /** What the inspected node sees, outlined on the input. */
  field: Edges;
  labels: Labels;
}

export function makeParts(network: SceneNetwork, handlers: GroupHandlers): Parts {
  const nodes = new NodeTextures(network);
  const bounds = new Bounds(nodes);
  return {
    nodes,
    bounds,
    cells: new Cells(nodes, bounds),
    plates: new Plates(nodes),
    edges: new Edges(nodes),
    stepEdges: new Edges(nodes),
    hover: new HoverOverlay(nodes),
    field: new Edges(nodes, true),
    labels: new Labels(network, handlers),
  };
}

/** In the order in which they are drawn. */
export function meshes(parts: Parts): (Mesh | LineSegments)[] {
  return drawn(parts).map(({ mesh }) => mesh);
}

export function dispose(parts: Parts): void {
  for (const part of drawn(parts)) part.dispose();
  parts.nodes.dispose();
  parts.labels.element.remove();
  parts.hover.element.remove();
}

function drawn({ cells, plates, edges, stepEdges, field }: Parts): (Cells | Plates | Edges)[] {
  return [cells, plates, edges, stepEdges, field];
}
