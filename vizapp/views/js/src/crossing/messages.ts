/** What is said about two sweeps crossed (Python: views/crossing.py, views/varied.py). */

import type { ByTheme } from "../wire";

/** An axis of the map. */
export interface MapAxis {
  name: string;
  label: string;
  unit: string;
  low: number;
  high: number;
  /** Where it does nothing; null for a morph and for ways. */
  neutral: number | null;
}

/** The answers to all inputs of a rectangle: row i, column j is at rows[i] of the second axis, columns[j] of the first. */
export interface CrossingMessage {
  type: "crossing";
  network: string;
  /** The sweep on the timeline, whose axis is the first. */
  kind: string;
  way: string;
  /** As it stays; not the first, coarse picture. */
  fine: boolean;
  first: MapAxis;
  second: MapAxis;
  /** Of the rows, where they are ways, numbered from 0. */
  names: { name: string; label: string }[];
  columns: Float32Array;
  rows: Float32Array;
  /** Rows × columns. */
  answers: Uint8Array;
  confidence: Float32Array;
  margin: Float32Array;
  /** The cell with most room in each region of one answer, the largest first. */
  regions: { answer: number; row: number; column: number }[];
  /** In what share of the rectangle the answer stays. */
  sentence: string;
  /** Datashader's picture, row 0 at the top: 0 is nothing, else 1 + answer * levels + level. */
  width: number;
  height: number;
  pixels: Uint8Array;
  /** Steps of confidence, from 10 to 100 %. */
  levels: number;
  /** Colours of the codes, 256 × RGBA. */
  palette: ByTheme;
}

export interface CrossingStateMessage {
  type: "crossing_state";
  state: "none" | "waiting" | "working" | "done" | "stopped" | "failed";
  /** What the sweep is crossed with. */
  second: string | null;
  /** What it can be crossed with. */
  choices: { value: string; label: string }[];
  /** Why there is no sweep to cross, in a sentence. */
  problem: string | null;
  /** Inputs that were answered, of those that will be. */
  done: number;
  total: number;
}

/** What a range does to the drawing before the network sees it; all null while it does nothing. */
export interface VariedMessage {
  type: "varied";
  words: string | null;
  /** 28×28 bytes, what the network sees. */
  image: Uint8Array | null;
  /** Left, top and side of the frame of those pixels, on the pad whose side is 1. */
  frame: number[] | null;
}

export type CrossingAsk =
  /** A map of so many pixels is in sight; of none, it no longer is. */
  | { type: "crossing"; width: number; height: number }
  | { type: "crossing_stop" }
  | { type: "cross"; second: string | null };
