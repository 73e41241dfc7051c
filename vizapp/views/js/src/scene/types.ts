// What the scene takes and gives. It knows nothing of Panel, Bokeh or the wire.

export type Vector = [number, number, number];

export interface SceneLayer {
  name: string; // "conv1"
  label: string; // "convolution 1"
  detail: string; // "6 × 28×28"
  offset: number; // first node
  count: number;
  signed: boolean; // coloured by the palette's diverging row
}

/** One feature map, or a dense layer as a whole: nodes that stand on one plate. */
export interface SceneBlock {
  first: number;
  count: number;
}

/** Typed arrays are indexed by node; lengths in layout units, y up. */
export interface SceneNetwork {
  name: string;
  layers: SceneLayer[];
  blocks?: SceneBlock[]; // without them each layer stands on one plate
  positions: Float32Array; // 3 per node
  flat: Float32Array; // 2 per node
  size: Float32Array; // edge of a node's box
  flatSize: Float32Array; // edge of its cell in the flattened plot
  /** Named views. Their direction counts; the distance is fitted to the pane. */
  cameras: Record<string, { position: Vector; target: Vector }>;
  outputs: { node: number; text: string }[];
}

/** Nodes that feed each other, the last one first, and the edges of the first of them. */
export interface Step {
  path: Uint32Array;
  edges: HoverEdges | null;
}

/** Colours as "#rrggbb". */
export interface SceneTheme {
  background: string;
  glow: string; // the soft ellipse behind the network
  ink: string; // names
  muted: string; // shapes
  negative: string; // edges by sign
  positive: string;
  plate?: string; // what the nodes of one map stand on; between glow and muted unless given
  accent?: string; // hover and selection
}

/** What a label stands for: a layer, or one of its feature maps, from 0. */
export interface Group {
  layer: number;
  map: number | null;
}

export interface HoverEdges {
  nodes: Uint32Array; // the other ends
  values: Float32Array; // signed
}

export const ACCENT = "#e8590c";

export const LIGHT: SceneTheme = {
  background: "#f7f8fa",
  glow: "#d3dce6",
  ink: "#1f2933",
  muted: "#5f6b76",
  negative: "#2166ac",
  positive: "#b2182b",
};
