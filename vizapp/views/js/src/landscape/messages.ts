/** What is said about the map of the test images (Python: views/landscape_messages.py). */

export type List = "ambiguous" | "misclassified" | "area";

/** A map, and all that stays the same while one looks around on it. */
export interface LandscapeMessage {
  type: "landscape";
  network: string;
  /** "pca" or "lda". */
  method: string;
  /** Whose activations are projected, and how many there are. */
  layer: string;
  nodes: number;
  /** Of the variance, what lies in the plane of the map. */
  share: number;
  count: number;
  errors: number;
  /** x0, x1, y0, y1 of all images. */
  bounds: number[];
  /** x and y of each class. */
  centres: Float32Array;
  /** By what they mean and by theme: ten classes, steps from the least to the most, or right and wrong. */
  colours: Record<string, Record<"light" | "dark", string[]>>;
  /** What the ends of such steps stand for. */
  spans: Record<string, number[]>;
}

interface OfMap {
  ack: number;
  network: string;
  method: string;
}

/** A picture of part of the map: a PNG file, transparent where no image is. */
export interface MapPictureMessage extends OfMap {
  type: "map_picture";
  colour: string;
  theme: string;
  /** The only class that is coloured, if not all are. */
  of: number | null;
  /** x0, x1, y0, y1. */
  view: number[];
  /** Images in it. */
  shown: number;
  png: Uint8Array;
}

/** Where the present drawing is on the map. */
export interface MapMarkMessage extends OfMap {
  type: "map_mark";
  place: number[] | null;
}

/** Where the sweep on the timeline leads, x and y of each of its inputs; null where there is none. */
export interface MapWayMessage extends OfMap {
  type: "map_way";
  places: Float32Array | null;
}

export interface MapItem {
  index: number;
  label: number;
  answer: number;
  /** Bits. */
  entropy: number;
  /** Between the two best logits. */
  margin: number;
  place: number[];
}

/** The image nearest to a place. */
export interface MapPointMessage extends OfMap {
  type: "map_point";
  at: number[];
  items: MapItem[];
  /** 28×28 bytes of each. */
  images: Uint8Array;
}

/** A page of a list of images. */
export interface MapListMessage extends OfMap {
  type: "map_list";
  list: List;
  page: number;
  pages: number;
  total: number;
  items: MapItem[];
  images: Uint8Array;
}

/** There is no answer, because the map is still being made. */
export interface MapWaitsMessage {
  type: "map_waits";
  /** Type of what was asked. */
  question: string;
}

export type LandscapeAnswer =
  | LandscapeMessage
  | MapPictureMessage
  | MapMarkMessage
  | MapWayMessage
  | MapPointMessage
  | MapListMessage
  | MapWaitsMessage;

export interface PictureQuestion {
  x0: number;
  x1: number;
  y0: number;
  y1: number;
  width: number;
  height: number;
  theme: "light" | "dark";
  of: number | null;
}

export interface ListQuestion {
  list: List;
  page: number;
  /** Corners of the area, x and y one after another. */
  polygon: Float32Array | null;
}

export type LandscapeQuestion =
  | ({ type: "map_picture"; seq: number } & PictureQuestion)
  | { type: "map_point"; seq: number; x: number; y: number }
  | ({ type: "map_list"; seq: number } & ListQuestion)
  /** The whole list as a file. */
  | ({ type: "map_file" } & Omit<ListQuestion, "page">);
