/** What the server says of single nodes, for the inspector (Python: views/inspection.py, alike.py, comparing.py). */

/** One summand: an input times its weight. */
export interface Term {
  source: number;
  input: number;
  weight: number;
  product: number;
}

/** All that is left of a sum when its terms are taken out, zeros counted too. */
export interface Rest {
  count: number;
  sum: number;
}

/** The two exact numbers of a node. */
export interface NodeValues {
  pre: number;
  output: number;
}

/** Everything about one node for the present drawing; numbers are exact (Python: views/inspection.py). */
export interface InspectionMessage extends NodeValues {
  type: "inspection";
  ack: number;
  network: string;
  node: number;
  name: string;
  layer: string;
  kind: "input" | "conv" | "pool" | "dense" | "output";
  /** What it does, in one sentence. */
  role: string;
  /** Maps and units from 1, rows and columns from 0. */
  place: { map: number | null; row: number | null; col: number | null; unit: number | null };
  /** Receptive field in the 28×28 picture, half-open; null for the empty frame around it. */
  field: { row0: number; row1: number; col0: number; col1: number } | null;
  /** Left, top, right and bottom of the same on the pad, whose side is 1; it may reach beyond. */
  pad: number[] | null;
  activation: string;
  bias: number | null;
  /** The same node for the reference drawing. */
  reference: NodeValues | null;
  sources: Uint16Array;
  inputs: Float32Array;
  weights: Float32Array;
  /** Of the patch of the layer below: [maps, rows, cols], or [units]. */
  shape: number[];
  terms: Term[];
  rest: Rest;
  /** Weights to the dense layer above, whose first node is `first`. */
  out: { layer: string; first: number; weights: Float32Array } | null;
  /** d logit / d activation of this node, for each class. */
  effect: Float32Array | null;
  map: { first: number; rows: number; cols: number; pre: Float32Array; output: Float32Array } | null;
  kernel: { maps: number; size: number; weights: Float32Array } | null;
  /** Which of the sources a pooling node hands on. */
  winner: number | null;
  logits: Float32Array | null;
  probabilities: Float32Array | null;
  /** Own logit minus that of the best other class, split over the layer below. */
  rival: {
    node: number;
    name: string;
    gap: number;
    bias: number;
    terms: { source: number; mine: number; theirs: number; difference: number }[];
    rest: Rest;
  } | null;
  /** The finer pixels of the drawing that an input node averages. */
  ink: {
    rows: number;
    cols: number;
    pixels: Uint8Array;
    values: Float32Array;
    weights: Float32Array;
    value: number;
  } | null;
  empty: boolean;
}

/** Test images that activate a node most, or are nearest to the drawing in its layer. */
export interface AlikeMessage {
  type: "alike";
  ack: number;
  network: string;
  node: number;
  what: "strongest" | "nearest";
  layer: string;
  /** How many images were looked at. */
  count: number;
  groups: { label: string; items: { source: string; index: number; title: string; value: number }[] }[];
  /** 28×28 bytes for each item, group after group. */
  images: Uint8Array;
}

/** Pinned nodes, and the drawing that the present one is compared with. */
export interface CompareMessage {
  type: "compare";
  pins: ({ node: number; name: string; layer: string; reference: NodeValues | null } & NodeValues)[];
  reference: { image: Uint8Array; probabilities: number[] } | null;
  difference: boolean;
}

/** A file for the person at the page. */
export interface DownloadMessage {
  type: "download";
  name: string;
  mime: string;
  text: string;
}
