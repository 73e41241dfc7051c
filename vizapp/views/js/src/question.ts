/** A question that is asked again and again: one on its way at a time, the newest wins. */

import type { Hub } from "./hub";
import type { ClientMessage } from "./wire";

/** No answer for this long: it is lost, ask again. */
const WATCHDOG_MS = 1500;

export class Question<T> {
  private seq = 0;
  private busy = false;
  private wanted: { value: T } | null = null;
  private asked: T | null = null;
  private watchdog = 0;

  constructor(
    private hub: Hub,
    private message: (value: T, seq: number) => ClientMessage,
  ) {}

  /** What was asked last, until it is answered. */
  get pending(): T | null {
    return this.wanted?.value ?? (this.busy ? this.asked : null);
  }

  /** What is to be asked next. */
  get waiting(): T | null {
    return this.wanted?.value ?? null;
  }

  ask(value: T): void {
    this.wanted = { value };
    this.pump();
  }

  /** Forget what has not been asked yet. */
  drop(): void {
    this.wanted = null;
  }

  answered(): void {
    clearTimeout(this.watchdog);
    this.busy = false;
    this.pump();
  }

  private pump(): void {
    if (this.busy || !this.wanted) return;
    const { value } = this.wanted;
    this.wanted = null;
    this.busy = true;
    this.asked = value;
    this.hub.send(this.message(value, ++this.seq));
    this.watchdog = window.setTimeout(() => this.answered(), WATCHDOG_MS);
  }
}
