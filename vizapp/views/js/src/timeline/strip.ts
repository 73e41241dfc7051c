/** Small pictures of what lies along the way that the cursor is on, under their places on the plot. */

import { h } from "../dom";
import type { Plot } from "./axes";
import type { CurveMessage } from "./messages";
import type { Sheet } from "./sheet";
import { paint, SIDE } from "./thumb";
import { placeWords } from "./words";

const GAP = 2;
/** CSS px of a picture, where there is room. */
const LARGEST = 34;
const SMALLEST = 24;

export class Strip {
  readonly element = h("div", { class: "film", role: "group", "aria-label": "Along the way" });
  private readonly frames: { button: HTMLButtonElement; canvas: HTMLCanvasElement }[] = [];
  private drawn: CurveMessage | null = null;

  constructor(
    private readonly plot: Plot,
    private readonly sheet: Sheet,
  ) {}

  show(): void {
    const { focus, head } = this.sheet;
    this.element.style.visibility = focus && head ? "" : "hidden";
    if (!focus || !head) return;
    const { positions, images } = focus.strip;
    while (this.frames.length < positions.length) this.add();
    const [left, , right] = this.plot.frame;
    const size = Math.max(SMALLEST, Math.min(LARGEST, (right - left) / (positions.length - 1) - GAP));
    this.frames.forEach(({ button, canvas }, i) => {
      button.hidden = i >= positions.length;
      if (button.hidden) return;
      Object.assign(button.style, { left: `${this.plot.x.to(positions[i]) - size / 2}px`, width: `${size}px`, height: `${size}px` });
      const words = `Go to ${placeWords(head, positions[i])}`;
      if (button.title !== words) {
        button.title = words;
        button.setAttribute("aria-label", words);
      }
      if (focus !== this.drawn) paint(canvas, images.subarray(i * SIDE * SIDE, (i + 1) * SIDE * SIDE));
    });
    this.drawn = focus;
  }

  /** The theme's ink is another one. */
  repaint(): void {
    this.drawn = null;
    this.show();
  }

  private add(): void {
    const canvas = h("canvas", { width: SIDE, height: SIDE });
    const at = this.frames.length;
    const go = (): void => {
      const { focus } = this.sheet;
      if (focus) this.sheet.move(focus.strip.positions[at]);
    };
    // The keyboard has the slider.
    const button = h("button", { type: "button", class: "frame", tabindex: -1, onclick: go }, canvas);
    this.frames.push({ button, canvas });
    this.element.append(button);
  }
}
