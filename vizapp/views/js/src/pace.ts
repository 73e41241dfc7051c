/** How often a slow pane is drawn: no more often than it can be without holding up the others. */

/** A picture that takes longer than this is followed by a rest of the same length. */
const QUICK_MS = 20;
/** A pane that is hidden never says that it was painted. */
const GIVE_UP_MS = 500;

export class Pace<T> {
  private next: { value: T } | null = null;
  private begun = 0;
  private timer = 0;

  constructor(private draw: (value: T) => void) {}

  /** The newest value wins; it is drawn now, or when the last picture is done and has had its rest. */
  offer(value: T): void {
    this.next = { value };
    if (!this.timer) this.start();
  }

  /** The picture is on the screen. */
  painted(): void {
    if (!this.begun) return;
    const cost = performance.now() - this.begun;
    this.begun = 0;
    this.wait(cost > QUICK_MS ? cost : 0);
  }

  private start(): void {
    this.timer = 0;
    if (!this.next) return;
    const { value } = this.next;
    this.next = null;
    this.begun = performance.now();
    this.wait(GIVE_UP_MS);
    this.draw(value);
  }

  private wait(milliseconds: number): void {
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.start(), milliseconds);
  }
}
