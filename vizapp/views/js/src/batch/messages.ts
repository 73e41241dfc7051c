/** What the server and the page say to each other of long measurements. (Python: views/batching.py, topics/batches.py) */

export type BatchKind = "table" | "ranking";
export type FileForm = "csv" | "parquet";

/** What was asked for: of a table its cases and how many images, of a ranking whose images. */
export interface BatchChoice {
  networks: string[];
  cases: string[];
  images: number;
  of: "test" | "given";
}

/** How far a measurement is. */
export interface BatchMessage {
  type: "batch";
  kind: BatchKind;
  state: "waiting" | "working" | "stopping" | "done" | "stopped" | "failed";
  /** How many others are before it. */
  before: number;
  /** Answers, or images to rank. */
  done: number;
  total: number;
  /** Seconds; null as long as nobody knows. */
  left: number | null;
  problem: string;
  choice: BatchChoice;
  /** Of a table: one for each network and case, of what was answered so far. */
  rows: TableRow[];
}

/** As `vizapp sweep table` writes it; what is a mean is missing as long as there are no images. */
export type TableRow = { network: string; case: string; images: number; of: number } & Record<string, number | string>;

export interface BadImage {
  title: string;
  problem: string;
}

/** The images that were given for a ranking. */
export interface PileMessage {
  type: "batch_pile";
  count: number;
  bytes: number;
  bad: BadImage[];
}

export interface NetworkAnswer {
  network: string;
  answer: number;
  probability: number;
}

export interface RankedItem {
  index: number;
  title: string;
  /** Why it could not be ranked, or nothing. */
  problem: string;
  /** The two best answers of the networks' mean, each with its probability. */
  best: [number, number][];
  /** Bits. */
  entropy: number;
  disagreement: number;
  each: NetworkAnswer[];
}

/** A page of the ranking, with what the networks saw: 28×28 bytes an item. */
export interface RankedMessage {
  type: "batch_ranked";
  ack: number;
  page: number;
  pages: number;
  count: number;
  items: RankedItem[];
  images: Uint8Array;
}

export interface BatchFileMessage {
  type: "batch_file";
  name: string;
  mime: string;
  data: Uint8Array;
}

/** A sentence for the dialog. */
export interface BatchProblemMessage {
  type: "batch_problem";
  text: string;
}

export type BatchServerMessage = BatchMessage | PileMessage | RankedMessage | BatchFileMessage | BatchProblemMessage;

export type BatchClientMessage =
  | { type: "batch_start"; kind: "table"; networks: string[]; cases: string[]; images: number }
  | { type: "batch_start"; kind: "ranking"; networks: string[]; of: "test" | "given" }
  | { type: "batch_stop"; kind: BatchKind }
  | { type: "batch_give"; name: string; data: ArrayBuffer }
  | { type: "batch_forget" }
  | { type: "batch_list"; seq: number; page: number }
  | { type: "batch_show"; index: number }
  | { type: "batch_save"; kind: BatchKind; form: FileForm };
