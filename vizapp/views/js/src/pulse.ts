/** Whether the server is still there: after a sleep, or in another network, a connection is dead and looks alive. */

/** So long without a word from the server after something was said to it: ask whether it is there. */
const REST_MS = 5000;
/** No answer to that: nobody is. A server that is merely busy says something in this time. */
const PATIENCE_MS = 10_000;

export class Pulse {
  private resting = 0;
  private waiting = 0;

  constructor(
    private ask: () => void,
    private dead: () => void,
  ) {
    // Sleep, another network, or a tab that was put aside may have ended the connection without a word.
    addEventListener("online", () => this.feel());
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden) this.feel();
    });
  }

  /** The page said something. */
  said(): void {
    if (!this.resting && !this.waiting) this.resting = window.setTimeout(() => this.feel(), REST_MS);
  }

  /** The server said something. */
  heard(): void {
    clearTimeout(this.resting);
    clearTimeout(this.waiting);
    this.resting = this.waiting = 0;
  }

  private feel(): void {
    if (this.waiting) return;
    clearTimeout(this.resting);
    this.resting = 0;
    this.waiting = window.setTimeout(this.dead, PATIENCE_MS);
    this.ask();
  }
}
