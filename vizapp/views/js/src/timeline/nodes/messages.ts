/** What is said about nodes along a sweep (Python: views/nodes_along.py, views/node_map.py). */

interface Along {
  ack: number;
  /** Kind of the timeline, the way and the network that it is about. */
  sweep: string;
  way: string;
  network: string;
}

/** Values of some nodes at K positions, node by node. */
export interface NodeCurvesMessage extends Along {
  type: "node_curves";
  what: "output" | "pre";
  positions: Float32Array;
  nodes: Uint32Array;
  values: Float32Array;
}

/** All nodes of a layer, or of all layers where it is null, as a picture: the first row at the top. */
export interface NodeMapMessage extends Along {
  type: "node_map";
  positions: Float32Array;
  layer: string | null;
  /** As it is; what is asked for may not be there for a layer. */
  order: Order;
  scaling: Scaling;
  aggregate: Aggregate;
  width: number;
  height: number;
  levels: Uint8Array;
  /** Zero is level 128. */
  signed: boolean;
  /** The largest magnitude of an activation in it. */
  scale: number;
  /** Nodes that were looked at; of those that are shown, in the order of the rows: which they are, and their values and where they first cross half of their range, if they move. */
  count: number;
  nodes: Uint32Array;
  low: Float32Array;
  high: Float32Array;
  first: Float32Array;
  last: Float32Array;
  moves: Uint8Array;
  switch: Float32Array;
}

export type Order = "switch" | "node" | "share";
export type Scaling = "own" | "layer";
export type Aggregate = "max" | "mean";

/** The change of z_a − z_b between two positions, shared out over the nodes of the last hidden layer. */
export interface NodeSplitMessage extends Along {
  type: "node_split";
  a: number;
  b: number;
  start: number;
  end: number;
  layer: string;
  /** The largest share first. */
  nodes: Uint32Array;
  /** weights · (after − before); positive speaks for a. */
  shares: Float32Array;
  weights: Float32Array;
  before: Float32Array;
  after: Float32Array;
  /** Sum of the shares, change of the logits, and what rounding leaves between them. */
  total: number;
  change: number;
  residue: number;
  /** z_a − z_b at both positions. */
  margins: number[];
}

/** How many nodes of each layer are above zero. */
export interface NodeCountsMessage extends Along {
  type: "node_counts";
  positions: Float32Array;
  layers: { name: string; count: number; active: Uint16Array }[];
}

export type NodesMessage = NodeCurvesMessage | NodeMapMessage | NodeSplitMessage | NodeCountsMessage;

export type NodesAsk =
  | { type: "node_curves"; seq: number; nodes: number[]; what: "output" | "pre" }
  | { type: "node_map"; seq: number; layer: string | null; order: Order; scaling: Scaling; aggregate: Aggregate; width: number; height: number; moving: boolean }
  | { type: "node_split"; seq: number; start: number; end: number; a: number | null; b: number | null }
  | { type: "node_counts"; seq: number };
