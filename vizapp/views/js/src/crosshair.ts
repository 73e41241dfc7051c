/** Drawing without a pointer: a cross that the arrow keys move over the pad, and a key that puts the pen down. */

import { h } from "./dom";
import type { Hub } from "./hub";
import type { Pen } from "./pen";

const CELLS = 28;
/** In pixels of the network's input. */
const STEP = 1;
const LEAP = 4;
/** The place is said when the cross has come to rest. */
const REST_MS = 400;
export const KEYS = "Arrow keys move a cross, with Shift further; Space puts the pen down and lifts it; Escape lifts it.";

const ARROWS: Record<string, [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

export class Crosshair {
  readonly element = h("div", { class: "crosshair", hidden: true, "aria-hidden": "true" }, h("i", {}), h("i", {}));
  readonly live = h("span", { class: "visually-hidden", role: "status", "aria-live": "polite" });
  private at: [number, number] = [CELLS / 2, CELLS / 2];
  private timer = 0;

  /** `area` is what has the focus while it draws. */
  constructor(
    hub: Hub,
    private pen: Pen,
    area: HTMLElement,
  ) {
    area.addEventListener("keydown", (event) => this.key(event));
    hub.on("pen", ({ down }) => {
      // The pointer draws, or the server refused the stroke.
      if (down && !this.element.classList.contains("down")) this.hide();
      if (!down) this.element.classList.remove("down");
    });
    area.addEventListener("focus", () => {
      if (area.matches(":focus-visible")) this.show();
    });
    area.addEventListener("blur", () => {
      this.lift();
      this.hide();
    });
  }

  private key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const way = ARROWS[event.key];
    if (way) this.move(way, event.shiftKey ? LEAP : STEP);
    else if (event.key === " " || event.key === "Enter") this.toggle(event.repeat);
    else if (event.key === "Escape" && this.pen.down) this.lift();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  private move([dx, dy]: [number, number], step: number): void {
    const within = (value: number): number => Math.min(CELLS, Math.max(0, value));
    this.at = [within(this.at[0] + dx * step), within(this.at[1] + dy * step)];
    this.show();
    this.pen.extend(...this.point);
    this.say(`column ${this.at[0]}, row ${this.at[1]}`);
  }

  private toggle(repeated: boolean): void {
    if (repeated) return;
    this.show();
    if (this.pen.down) return this.lift();
    this.element.classList.add("down");
    this.pen.begin(...this.point);
    this.say(`${this.pen.erase ? "Eraser" : "Pen"} down at column ${this.at[0]}, row ${this.at[1]}`);
  }

  private lift(): void {
    if (this.element.classList.contains("down")) this.say("lifted");
    this.element.classList.remove("down");
    if (this.pen.down) this.pen.end();
  }

  private get point(): [number, number] {
    return [this.at[0] / CELLS, this.at[1] / CELLS];
  }

  private show(): void {
    this.element.hidden = false;
    this.element.style.setProperty("--x", `${this.point[0] * 100}%`);
    this.element.style.setProperty("--y", `${this.point[1] * 100}%`);
  }

  private hide(): void {
    this.element.hidden = true;
    this.element.classList.remove("down");
  }

  private say(text: string): void {
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => (this.live.textContent = text), REST_MS);
  }
}
