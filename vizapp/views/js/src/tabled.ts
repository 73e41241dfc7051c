/** The numbers behind a pane, as the server tells them (Python: views/topics/tables.py). */

/** Exact values of a feature map or of a layer that has none (cols is 1); of the image where layer is null. */
export interface TableMessage {
  type: "table";
  ack: number;
  network: string;
  layer: string | null;
  map: number;
  maps: number;
  /** Node id of the first value; null for the image. */
  first: number | null;
  rows: number;
  cols: number;
  /** Null for the input. */
  pre: Float32Array | null;
  output: Float32Array;
  /** Outputs for the reference drawing; null where there is none. */
  reference: Float32Array | null;
  empty: boolean;
}

/** Some edges of a node, the strongest first: their other ends, and what flows along them. */
export interface TabledEdges {
  count: number;
  /** They have no weights: the product is the input where that is the largest, else 0. */
  pool: boolean;
  nodes: Uint32Array;
  weights: Float32Array;
  inputs: Float32Array;
  products: Float32Array;
}

export interface EdgeTableMessage {
  type: "edge_table";
  ack: number;
  network: string;
  node: number;
  output: number;
  empty: boolean;
  into: TabledEdges;
  out: TabledEdges;
}
