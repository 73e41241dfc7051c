/** The cursor goes on by itself: through the sweep in six seconds, once, again and again, or to and fro. */

import { h } from "../dom";
import { type Speed, SPEEDS } from "../playback";
import { still } from "../scene/tween";
import type { Sheet } from "./sheet";

const THROUGH_MS = 6000;
/** For those who want no motion: so many steps instead, at this distance in time. */
const STEPS = 8;

const LOOPS = { once: "once", again: "repeat", fro: "to and fro" };
type Loop = keyof typeof LOOPS;

export class Play {
  readonly element: HTMLElement;
  private readonly button = h("button", { type: "button", class: "play", onclick: () => this.toggle() });
  private loop: Loop = "fro";
  private speed: Speed = 1;
  private direction = 1;
  private playing = false;
  private frame = 0;
  private timer = 0;
  private last = 0;
  /** Where it is, unrounded; the sheet follows. */
  private at = 0;
  private sent = 0;

  constructor(private readonly sheet: Sheet) {
    const speed = h("select", { "aria-label": "Speed" }, ...SPEEDS.map((pace) => h("option", { value: pace, selected: pace === 1 }, `${pace}×`)));
    speed.addEventListener("change", () => (this.speed = Number(speed.value) as Speed));
    const loop = h("select", { "aria-label": "At the end" }, ...Object.entries(LOOPS).map(([value, text]) => h("option", { value, selected: value === this.loop }, text)));
    loop.addEventListener("change", () => (this.loop = loop.value as Loop));
    this.element = h("div", { class: "keys", role: "group", "aria-label": "Play the sweep" }, this.button, speed, loop);
    sheet.on("head", (head) => {
      if (!head || head.problem) this.stop();
    });
    // Who takes the cursor has it.
    sheet.on("cursor", ({ position }) => {
      if (this.playing && (position === null || Math.abs(position - this.sent) > 1e-4)) this.stop();
    });
    this.name();
  }

  toggle(): void {
    if (this.playing) return this.stop();
    const { head, cursor } = this.sheet;
    if (!head || head.problem) return;
    this.at = cursor.position ?? head.low;
    // From the end it begins anew.
    if (this.at >= head.high && this.loop !== "fro") this.at = head.low;
    this.direction = this.at >= head.high ? -1 : this.at <= head.low ? 1 : this.direction;
    this.last = performance.now();
    this.sent = this.at;
    this.playing = true;
    this.step();
    this.name();
  }

  stop(): void {
    cancelAnimationFrame(this.frame);
    clearTimeout(this.timer);
    this.playing = false;
    this.name();
  }

  private step(): void {
    const calm = still();
    const again = (): void => {
      const now = performance.now();
      this.go(calm ? this.length / STEPS : ((now - this.last) / THROUGH_MS) * this.length * this.speed);
      this.last = now;
      if (this.playing) this.step();
    };
    if (calm) this.timer = window.setTimeout(again, THROUGH_MS / STEPS / this.speed);
    else this.frame = requestAnimationFrame(again);
  }

  private get length(): number {
    const { head } = this.sheet;
    return head ? head.high - head.low : 1;
  }

  private go(by: number): void {
    const { head } = this.sheet;
    if (!head) return this.stop();
    const { low, high } = head;
    this.at += this.direction * by;
    const over = this.at > high ? this.at - high : this.at < low ? low - this.at : 0;
    if (over > 0 || (this.loop === "once" && this.at === high)) {
      if (this.loop === "once") {
        this.at = Math.min(high, Math.max(low, this.at));
        this.move();
        return this.stop();
      }
      if (this.loop === "fro") {
        this.direction = this.at > high ? -1 : 1;
        this.at = this.direction < 0 ? Math.max(low, high - over) : Math.min(high, low + over);
      } else {
        this.direction = 1;
        this.at = low;
      }
    }
    this.move();
  }

  private move(): void {
    this.sent = this.at;
    this.sheet.move(this.at);
  }

  private name(): void {
    const words = this.playing ? "Pause" : "Play";
    this.button.textContent = words;
  }
}
