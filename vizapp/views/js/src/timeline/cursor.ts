/** The cursor on a plot: a line that is dragged, a place that is clicked; a slider for keyboard and screen reader. */

import { h } from "../dom";
import type { Hub } from "../hub";
import { onLocks } from "../locks";
import { draw, type Plot, set } from "./axes";
import { rowAt, type Sheet } from "./sheet";
import { isRange, placeShort, placeWords, whole } from "./words";

/** Of the range: how far an arrow key goes, and a page key. */
const STEPS = { arrow: 100, page: 10 };

/** The pointer moves the sheet's cursor, wherever on the plot it is put down. */
export function dragsCursor(hub: Hub, plot: Plot, sheet: Sheet, put: () => void = () => {}): void {
  const { root } = plot;
  root.classList.add("scrubs");
  let locked = false;
  onLocks(hub, ["cursor"], (on) => (locked = on));
  root.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || locked || !sheet.head || (event.target as Element).closest?.("button")) return;
    root.setPointerCapture(event.pointerId);
    sheet.move(plot.at(event));
    put();
    event.preventDefault();
  });
  root.addEventListener("pointermove", (event) => {
    if (root.hasPointerCapture(event.pointerId)) sheet.move(plot.at(event));
  });
}

/** Where the cursor is, drawn over a plot. */
export class CursorLine {
  private readonly line = draw("path", { class: "cursor-line" });
  private readonly words = draw("text", { class: "cursor-words", "text-anchor": "middle" });
  readonly group = draw("g", { class: "cursor-mark" }, this.line, this.words);

  constructor(
    private readonly plot: Plot,
    private readonly sheet: Sheet,
    private readonly named = true,
  ) {
    plot.front.append(this.group);
    sheet.on("cursor", () => this.show());
  }

  show(): void {
    const { head, cursor } = this.sheet;
    const { position } = cursor;
    this.group.style.display = head && position !== null ? "" : "none";
    if (!head || position === null || !this.plot.width) return;
    const [left, top, right, bottom] = this.plot.frame;
    const x = this.plot.x.to(position);
    set(this.line, { d: `M${x.toFixed(1)} ${top - 2}V${bottom}` });
    if (!this.named) return;
    this.words.textContent = placeShort(head, position);
    set(this.words, { x: Math.min(right - 8, Math.max(left + 8, x)).toFixed(1), y: top - 5 });
  }
}

/** What a screen reader and the keyboard move. */
export class CursorSlider {
  readonly element = h("div", { class: "slider", role: "slider", tabindex: 0, "aria-orientation": "horizontal" });

  constructor(
    private readonly hub: Hub,
    private readonly plot: Plot,
    private readonly sheet: Sheet,
    private readonly toggle: () => void,
  ) {
    this.element.addEventListener("keydown", (event) => this.key(event));
    sheet.on("cursor", () => this.show());
    sheet.on("curves", () => this.show());
    hub.on("frame", () => this.say());
    onLocks(hub, ["cursor"], (locked) => this.element.setAttribute("aria-disabled", String(locked)));
  }

  show(): void {
    const { head, cursor } = this.sheet;
    if (!head) return;
    const [left, top, right, bottom] = this.plot.frame;
    const x = cursor.position === null ? left : Math.min(right, Math.max(left, this.plot.x.to(cursor.position)));
    Object.assign(this.element.style, { left: `${x - 12}px`, top: `${top - 4}px`, height: `${bottom - top + 8}px` });
    this.element.setAttribute("aria-label", isRange(head) ? `Position: ${head.axis.label}` : "Position on the way");
    set(this.element, { "aria-valuemin": head.low, "aria-valuemax": head.high, "aria-valuenow": cursor.position ?? head.low });
    this.say();
  }

  private say(): void {
    const { head, cursor, focus } = this.sheet;
    if (!head) return;
    let words = "off the way";
    if (cursor.position !== null) {
      const all = this.hub.frame?.probabilities ?? (focus ? classesAt(focus, rowAt(focus, cursor.position)) : null);
      const best = all ? [...all.keys()].sort((a, b) => all[b] - all[a]).slice(0, 2) : [];
      words = `${placeWords(head, cursor.position)}: ${best.map((label) => `${label} with ${whole(all![label])}`).join(", ")}`;
    }
    if (this.element.getAttribute("aria-valuetext") !== words) this.element.setAttribute("aria-valuetext", words);
  }

  private key(event: KeyboardEvent): void {
    const { head, cursor } = this.sheet;
    if (!head || event.ctrlKey || event.metaKey || event.altKey || this.element.getAttribute("aria-disabled") === "true") return;
    const unit = (head.high - head.low) / STEPS.arrow;
    const page = (head.high - head.low) / STEPS.page;
    const by = { ArrowLeft: -unit, ArrowDown: -unit, ArrowRight: unit, ArrowUp: unit, PageDown: -page, PageUp: page }[event.key];
    const middle = head.neutral ?? head.low;
    const at = cursor.position ?? middle;
    if (by !== undefined) this.sheet.move(snapped(at + by * (event.shiftKey ? 5 : 1), unit, middle));
    else if (event.key === "Home") this.sheet.move(head.low);
    else if (event.key === "End") this.sheet.move(head.high);
    else if (event.key === " ") this.toggle();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
}

/** To whole steps from where nothing is done: the way there and back ends where it began. */
function snapped(value: number, unit: number, middle: number): number {
  return Number((middle + Math.round((value - middle) / unit) * unit).toFixed(6));
}

export function classesAt({ probabilities, positions }: { probabilities: Float32Array; positions: Float32Array }, row: number): number[] {
  const classes = probabilities.length / positions.length;
  return [...probabilities.subarray(row * classes, (row + 1) * classes)];
}
