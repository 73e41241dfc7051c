/** What the server says of where the answer comes from (Python: views/explaining_messages.py). */

/** What a picture is, what it is not, what its residual is, and who it is from. */
export interface About {
  label: string;
  what: string;
  what_not: string;
  rest: string;
  source: string;
}

/** The picture that `pad_shows` names. */
export interface ExplanationMessage {
  type: "explanation";
  ack: number;
  network: string;
  method: string;
  about: About;
  /** The two in question, and their logits. */
  classes: [number, number];
  logits: [number, number];
  /** Left, top and side of the 28×28 pixels on the pad, whose side is 1; null: they are not on it. */
  frame: [number, number, number] | null;
  /** What was done to the drawing before the network saw it, in words. */
  varied: string | null;
  /** What the network sees, 0 to 1 in 28×28 pixels. */
  ink: Float32Array;
  /** As many: positive for the first class, for ink that is added, for ink that the node wants. */
  values: Float32Array | null;
  /** Why there are no values. */
  nothing: string | null;
  sums: Sums | null;
  flip: Flip | null;
  node: { node: number; name: string; output: number } | null;
}

/** Positive and negative pixels, what no pixel has, and what the empty sheet has: together the difference. */
export interface Sums {
  plus: number;
  minus: number;
  residual: number;
  base: number;
  difference: number;
}

export interface Flip {
  answer: number;
  rival: number;
  /** Square root of the sum of squares of the change: 1 is one pixel from empty to full. */
  size: number;
  added: number;
  erased: number;
  /** All ink of the drawing, as the two above in full pixels. */
  ink: number;
  /** Of the change of a pixel. */
  largest: number;
  lead: number;
  /** Probabilities of the answer and of the rival. */
  before: [number, number];
  after: [number, number];
  /** The changed drawing, 28×28 bytes. */
  image: Uint8Array;
}

/** The difference of the two logits as ink is removed, by a picture's order and in random ones. */
export interface DeletionMessage {
  type: "deletion";
  ack: number;
  network: string;
  method: string;
  classes: [number, number];
  /** Pixels, from 0 to all that have ink. */
  removed: Uint16Array;
  curve: Float32Array;
  mean: Float32Array;
  spread: Float32Array;
  orders: number;
  verdict: string;
}

/** The part of the drawing that any node sees, for the inspector. */
export interface DeconvolutionMessage {
  type: "deconvolution";
  ack: number;
  network: string;
  node: number;
  about: About;
  ink: Float32Array;
  values: Float32Array | null;
  nothing: string | null;
}

/** Questions: each is answered with its number. */
export type ExplainingQuestion =
  | { type: "explain"; seq: number }
  | { type: "deletion"; seq: number }
  | { type: "flip_edit"; seq: number }
  | { type: "deconvolve"; seq: number; node: number };
