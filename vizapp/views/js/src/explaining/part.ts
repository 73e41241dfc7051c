/** What the panel is made of: parts that are all shown the same picture. */

import type { ExplanationMessage } from "./messages";
import type { Marks } from "./marks";

export interface Shown {
  message: ExplanationMessage;
  /** Null where there is no picture: the message says why. */
  marks: Marks | null;
  stale: boolean;
  /** CSS px from side to side. */
  width: number;
}

export interface Part {
  readonly root: HTMLElement;
  /** Null: nothing is explained. A part hides itself where it has nothing to say. */
  show(shown: Shown | null): void;
}
