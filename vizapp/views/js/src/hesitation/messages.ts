/** What the server says of the hesitation (Python: views/hesitating.py). */

export interface HesitationMessage {
  type: "hesitation";
  /** 0 where nobody asked: what was waited for is there. */
  ack: number;
  network: string;
  state: "empty" | "waiting" | "failed" | "scored";
  /** How many reference images there are. */
  images: number;
  /** Only where `state` is "scored". */
  scores: Scores | null;
}

/** Scores of one answer; probabilities and shares from 0 to 1, percentiles from 0 to 100. */
export interface Scores {
  kind: "clear" | "unusual" | "ambiguous" | "strange";
  sentence: string;
  first: number;
  second: number;
  /** Difference of the two best logits, and its median over the test images. */
  margin: number;
  usual_margin: number;
  /** In bits. */
  entropy: number;
  usual_entropy: number;
  /** The network's own, of the first guess. */
  probability: number;
  calibrated: number;
  temperature: number;
  /** Images that temperature and level were fitted on. */
  fitted: number;
  /** The prediction set, the most probable class first. */
  members: number[];
  /** The set would be empty, had it not been given the first guess. */
  forced: boolean;
  /** The least probability of a class in the set, the first guess's aside. */
  least: number;
  level: Level;
  /** Where distances are measured. */
  layer: string;
  /** The percentile above which an input is far from a class. */
  strange: number;
  /** The test image on the pad, which is then not compared with itself. */
  itself: string | null;
  /** The first guesses, the nearest image of each first. */
  candidates: Candidate[];
  /** 28×28 bytes for each image, candidate after candidate. */
  images: Uint8Array;
}

export interface Candidate {
  label: number;
  percentile: number;
  items: { index: number; title: string; distance: number }[];
}

/** How the prediction sets of a level did on images they were not fitted on. */
export interface Level {
  name: string;
  coverage: number;
  low: number;
  high: number;
  mean_size: number;
  /** Sets that would have been empty. */
  forced: number;
  checked: number;
}

/** How often answers of a given probability are right, before and after the temperature. */
export interface ReliabilityMessage {
  type: "reliability";
  ack: number;
  network: string;
  temperature: number;
  fitted: number;
  checked: number;
  /** Of the bins, one more than there are. */
  edges: number[];
  before: Bins;
  after: Bins;
}

/** One entry a bin; null where no image is in it. */
export interface Bins {
  count: number[];
  confidence: (number | null)[];
  accuracy: (number | null)[];
  low: (number | null)[];
  high: (number | null)[];
  /** Expected calibration error. */
  ece: number;
  nll: number;
}
