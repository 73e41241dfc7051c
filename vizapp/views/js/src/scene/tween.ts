// Motion: a value that goes from 0 to 1 once, eased, over some milliseconds.

export const SLOW = 700;
export const MEDIUM = 300;

export class Tween {
  private start: number | null = null;

  constructor(
    private readonly duration: number,
    private readonly step: (share: number) => void,
  ) {}

  /** Advance to a frame's time. Returns whether there is more to come. */
  advance(now: number): boolean {
    this.start ??= now;
    const t = this.duration > 0 ? Math.min(1, (now - this.start) / this.duration) : 1;
    this.step(t < 0.5 ? 4 * t * t * t : 1 - (2 - 2 * t) ** 3 / 2);
    return t < 1;
  }
}

/** No motion for those who have asked their system for none. */
export function still(): boolean {
  return window.matchMedia("(prefers-reduced-motion: reduce)").matches;
}
