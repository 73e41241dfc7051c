/** What the server and the page say to each other: one place for names and shapes (Python: views/wire.py). */

import type { BatchClientMessage, BatchServerMessage } from "./batch/messages";
import type { DeconvolutionMessage, DeletionMessage, ExplainingQuestion, ExplanationMessage } from "./explaining/messages";
import type { HesitationMessage, ReliabilityMessage } from "./hesitation/messages";
import type { CrossingAsk, CrossingMessage, CrossingStateMessage, VariedMessage } from "./crossing/messages";
import type { AlikeMessage, CompareMessage, DownloadMessage, InspectionMessage } from "./inspector/messages";
import type { LandscapeAnswer, LandscapeQuestion } from "./landscape/messages";
import type { CursorMessage, CurveMessage, TimelineAsk, TimelineMessage } from "./timeline/messages";
import type { EdgeTableMessage, TableMessage } from "./tabled";
import type { NodesAsk, NodesMessage } from "./timeline/nodes/messages";

export type { AlikeMessage, CompareMessage, DownloadMessage, InspectionMessage };

export interface LayerDoc {
  name: string;
  label: string;
  detail: string;
  kind: "input" | "dense" | "conv" | "pool";
  shape: number[];
  offset: number;
  count: number;
  signed: boolean;
  activation: string;
}

/** A grid of equal cells in the flat plot: one feature map, or one dense layer wrapped into rows. */
export interface Block {
  layer: number;
  first: number;
  count: number;
  rows: number;
  cols: number;
  x: number;
  y: number;
  cell: number;
  spacing: number;
}

/** Everything about a network that does not change while a person draws; sent once per network. */
export interface NetworkMessage {
  type: "network";
  name: string;
  title: string;
  about: string;
  layers: LayerDoc[];
  blocks: Block[];
  bounds: number[];
  label_x: number;
  positions: Float32Array;
  flat: Float32Array;
  size: Float32Array;
  flat_size: Float32Array;
  cameras: Record<string, { label: string; position: number[]; target: number[] }>;
  parameters: Record<string, Float32Array>;
  /** Colour tables, 2 × 256 × RGBA: sequential, then diverging. */
  palettes: ByTheme;
  /** Colours of coded edge pixels, by what their hue means. */
  edge_palettes: { sign: ByTheme; class: ByTheme };
}

export interface ByTheme {
  light: Uint8Array;
  dark: Uint8Array;
}

/** One answer of the network: what every pen movement brings back. */
export interface FrameMessage {
  type: "frame";
  network: string;
  /** Sequence number of the message it answers; 0 where nobody asked. */
  ack: number;
  /** One byte per node: activation over its scale (signed layers, and all where `difference`: 128 is zero). */
  levels: Uint8Array;
  /** What level 255 means, one number per layer, or per feature map where the scale is "map". */
  scales: number[];
  scale: "layer" | "map" | "network";
  /** Levels are the present activations minus those of the reference drawing: diverging in every layer. */
  difference: boolean;
  /** Probability of each class, or null while the pad is empty. */
  probabilities: number[] | null;
  /** Exact [node, pre-activation, activation] of what the pointer is on and of the selection. */
  values: number[][];
  /** First and second guess, or the classes that were chosen instead. */
  contrast: number[];
  /** The raster of all edges, where it follows the drawing. */
  edges: EdgePixels | null;
}

/** All edges, summed per pixel: 0 is nothing, else 1 + tone * 7 + hue; row 0 at the bottom. */
export interface EdgePixels {
  pixels: Uint8Array;
  rows: number;
  cols: number;
  x: number;
  y: number;
  width: number;
  height: number;
  /** Sums (shares, or counts) at 0, 20 … 100 % of the colour bar. */
  bar: number[];
  /** What the lens says of the input's 28×28 pixels, 128 being nothing; null where it says nothing. */
  lit: Uint8Array | null;
}

export interface EdgesMessage {
  type: "edges";
  ack: number;
  exact: boolean;
  edges: EdgePixels;
  /** The strongest edges one by one, the weakest first; comes with an exact picture. */
  lines: { source: Uint16Array; target: Uint16Array; code: Uint8Array } | null;
  note: string | null;
  /** Left, top and side, on the pad whose side is 1, of the 28×28 pixels; with an exact picture that lights some. */
  frame: number[] | null;
}

/** What an edge shows: how much goes into the first and into the second hue, 0 or more. */
export interface FoundEdge {
  source: number;
  target: number;
  from: string;
  to: string;
  weight: number;
  first: number;
  second: number;
}

/** The strongest edges at the pointer. */
export interface ProbeMessage {
  type: "probe";
  ack: number;
  edges: FoundEdge[];
}

export interface SelectionMessage {
  type: "selection";
  /** The pane that picked them. */
  origin: string;
  /** The primary node first. */
  nodes: Uint32Array;
  values: number[][];
}

/** The exact numbers of the node that the pointer has come to. */
export interface ValuesMessage {
  type: "values";
  ack: number;
  values: number[][];
}

/** Where the page is on which walk; kind is null while there is none, and then the rest is not there. */
export interface WalkMessage {
  type: "walk";
  kind: string | null;
  /** The node that it leads to, or null. */
  node: number | null;
  name: string;
  titles: string[];
  count: number;
  step: number;
  title: string;
  sentence: string;
  /** Where the views go; null for the pad. */
  layer: string | null;
  /** What is selected, the primary node first; each feeds the one before it, or is of the same layer. */
  nodes: Uint32Array;
  /** What is not faded: runs of nodes, first and count of each. */
  lit: Uint32Array;
}

/** The drawing as the server knows it, whenever it changed by anything but the pen. */
export interface InkMessage {
  type: "ink";
  strokes: { points: Float32Array; width: number; erase: boolean }[];
  /** A loaded image under the strokes, 28×28 bytes, row 0 at the top. */
  image: Uint8Array | null;
  sample: boolean;
  can_undo: boolean;
  can_redo: boolean;
  /** A stroke that was not taken, and is not to be drawn any further. */
  refused: number | null;
}

/** A stroke in a saved state. */
export interface SavedStroke {
  points: number[][];
  width: number;
  erase: boolean;
}

export interface StateMessage {
  type: "state";
  /** For the tab's own storage. */
  state: string;
  /** The same as a fragment of the address; null where it is too long. */
  link: string | null;
  /** What could be undone and redone, in words. */
  undo: string | null;
  redo: string | null;
}

/** The state for others, with the locks that were asked for. */
export interface SharedMessage {
  type: "shared";
  link: string | null;
  /** What is in it, in short phrases. */
  contains: string[];
  file: string;
}

export interface NoticeMessage {
  type: "notice";
  level: "info" | "error";
  text: string;
}

/** The server will end the connection. With `wait`, the page comes back when the person asks for it. */
export interface ClosingMessage {
  type: "closing";
  words: string;
  wait: boolean;
}

/** What the controls show: the Explorer's parameters of these names. (Python: state/table.py) */
export interface Settings {
  network: string;
  normalise: boolean;
  scale: string;
  panes: string;
  hidden: string[];
  lens: string;
  for_class: number | null;
  against_class: number | null;
  transfer: string;
  into: string;
  sign: string;
  strongest: number;
  touching: boolean;
  tracing: boolean;
  kept: number;
  difference: boolean;
  ways: string[];
  overlay: boolean;
  crossed: string | null;
  chart: string;
  aside: string;
  coverage: string;
  pad_shows: string;
  projection: string;
  map_colour: string;
  /** Parameters that cannot be changed here. */
  locked: string[];
}

export interface SettingsMessage {
  type: "settings";
  values: Settings;
}

/** A page of drawings to load. */
export interface GalleryMessage {
  type: "gallery";
  choice: string;
  page: number;
  pages: number;
  items: { source: string; index: number; title: string }[];
  images: Uint8Array;
}

/** What a search came to: nodes to select, strongest or nearest first, or a sentence that helps. */
export interface FoundMessage {
  type: "found";
  ack: number;
  text: string;
  results: { title: string; detail: string; nodes: Uint32Array }[];
  hint: string;
}

export type ServerMessage =
  | BatchServerMessage
  | NetworkMessage
  | FrameMessage
  | EdgesMessage
  | ProbeMessage
  | SelectionMessage
  | FoundMessage
  | ValuesMessage
  | InkMessage
  | StateMessage
  | SharedMessage
  | SettingsMessage
  | GalleryMessage
  | InspectionMessage
  | AlikeMessage
  | ExplanationMessage
  | DeletionMessage
  | DeconvolutionMessage
  | HesitationMessage
  | ReliabilityMessage
  | CompareMessage
  | DownloadMessage
  | WalkMessage
  | TableMessage
  | EdgeTableMessage
  | TimelineMessage
  | CurveMessage
  | CursorMessage
  | NodesMessage
  | CrossingMessage
  | CrossingStateMessage
  | VariedMessage
  | LandscapeAnswer
  | ClosingMessage
  | { type: "pulse" }
  | NoticeMessage;

export interface PenMessage {
  type: "pen";
  seq: number;
  /** Which stroke since the page's last ink message, and from which of its points on. */
  stroke: number;
  start: number;
  points: Float32Array;
  width: number;
  erase: boolean;
  end: boolean;
}

export type ClientMessage =
  | BatchClientMessage
  | ExplainingQuestion
  | PenMessage
  | TimelineAsk
  | NodesAsk
  | CrossingAsk
  | LandscapeQuestion
  | { type: "ready"; state: string | null; link: string | null }
  | { type: "open"; link: string }
  | { type: "open"; file: string }
  | { type: "share"; locks: string[] }
  | { type: "safe" }
  | { type: "pulse" }
  | { type: "viewport"; seq: number; x0: number; x1: number; y0: number; y1: number; width: number; height: number }
  | { type: "settle" }
  | { type: "probe"; seq: number; x: number; y: number }
  | { type: "focus"; seq: number; node: number }
  | { type: "pick"; nodes: number[] | Uint32Array; mode: "replace" | "add" | "toggle"; origin: string }
  | { type: "search"; seq: number; text: string }
  | { type: "edit"; action: "undo" | "redo" | "clear" }
  | { type: "set"; name: keyof Settings; value: unknown }
  | { type: "walk"; kind: string | null; node: number | null }
  | { type: "step"; to: number }
  | { type: "inspect"; seq: number; node: number }
  | { type: "alike"; seq: number; node: number; what: "strongest" | "nearest" }
  | { type: "hesitation"; seq: number }
  | { type: "reliability"; seq: number }
  | { type: "pin"; node: number; on: boolean }
  | { type: "refer"; on: boolean }
  | { type: "export"; nodes: "selection" | { layer: string }; what: "csv" | "json" }
  | { type: "table"; seq: number; layer: string | null; map: number }
  | { type: "edge_table"; seq: number; node: number }
  | { type: "gallery"; choice: string; page: number }
  | { type: "load"; source: string; index: number }
  | { type: "image"; data: ArrayBuffer };
