/** What is said about sweeps (Python: views/sweeping.py, views/topics/sweeping.py). */

export interface Way {
  name: string;
  label: string;
  about: string;
}

/** An end of a morph, 28×28 bytes; `drawn`: it has strokes. */
export interface EndPicture {
  image: Uint8Array;
  drawn: boolean;
}

/** What is on the timeline; kind is null while nothing is, and then the rest is not there. */
export interface TimelineMessage {
  type: "timeline";
  /** "morph", "hand", or the name of a range. */
  kind: string | null;
  /** Counts the timelines of the session: curves of another turn are out of date. */
  turn: number;
  axis: { name: string; label: string; unit: string };
  low: number;
  high: number;
  /** Where a range does nothing; null for a morph. */
  neutral: number | null;
  /** Ways that can be taken, the best first. */
  ways: Way[];
  start: EndPicture | null;
  end: EndPicture | null;
  /** Where each stroke of a way by hand begins. */
  steps: number[];
  /** Why there are no curves, in a sentence. */
  problem: string | null;
}

export interface Readouts {
  a: number;
  b: number;
  /** Where the logits of a and b are equal. */
  crossings: number[];
  /** Where the answer changes. */
  changes: { position: number; before: number; after: number }[];
  /** Where the largest probability is below `level`. */
  hesitation: { of: string; level: number; width: number; spans: [number, number][] };
  steepest: { value: number; position: number } | null;
  intruders: { label: number; position: number; probability: number }[];
  first: number;
  last: number;
  flips: number;
}

/** Around the neutral position of a range, where the answer stays the same. */
export interface Interval {
  answer: number;
  low: number;
  high: number;
  open_low: boolean;
  open_high: boolean;
  below: number | null;
  above: number | null;
}

/** The reference image that each input is nearest to; with an exact curve. */
export interface Nearest {
  image: Uint32Array;
  label: Uint8Array;
  distance: Float32Array;
  /** How strange the input is: percentile, 0 to 100. */
  strangeness: Float32Array;
  /** Which of the pictures, 28×28 bytes each, the image is. */
  picture: Uint8Array;
  pictures: Uint8Array;
}

/** The confidence curve of one way for one network; K positions. */
export interface CurveMessage {
  type: "curve";
  turn: number;
  /** How many curves are still to come, and whether they come by themselves or when asked for (sweep_settle). */
  waiting: number;
  settled: boolean;
  way: string;
  label: string;
  network: string;
  exact: boolean;
  positions: Float32Array;
  /** K × classes. */
  probabilities: Float32Array;
  margin: Float32Array;
  entropy: Float32Array;
  answers: Uint8Array;
  readouts: Readouts;
  interval: Interval | null;
  /** Some of the inputs, evenly spaced, 28×28 bytes each. */
  strip: { positions: Float32Array; images: Uint8Array };
  nearest: Nearest | null;
}

export interface CursorMessage {
  type: "cursor";
  ack: number;
  /** Null while the drawing is not on the sweep. */
  position: number | null;
  /** On the axis that the sweep is crossed with. */
  across: number | null;
  /** The way that it is on. */
  way: string;
}

/** Where an end comes from: "present", "start", "end", "kept" (the reference drawing), "digit", "sample", "reference". */
export interface DrawingName {
  source: "present" | "start" | "end" | "kept" | "digit" | "sample" | "reference";
  index?: number;
}

export type TimelineAsk =
  | { type: "sweep"; kind: string | null; start?: DrawingName; end?: DrawingName }
  /** `moving`: it will be moved on at once. */
  | { type: "cursor"; seq: number; position?: number | null; way?: string; across?: number | null; moving?: boolean }
  | { type: "sweep_settle" };
