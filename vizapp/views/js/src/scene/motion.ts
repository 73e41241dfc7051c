// What moves at present, by name; a name has one motion at a time, the newest.
import { still, Tween } from "./tween";

export class Motion {
  private readonly tweens = new Map<string, Tween>();

  constructor(private readonly changed: () => void) {}

  /** Let `step` go from 0 to 1, at once where nothing shall be animated. */
  start(name: string, duration: number, animate: boolean, step: (share: number) => void): void {
    if (animate && !still()) this.tweens.set(name, new Tween(duration, step));
    else {
      this.tweens.delete(name);
      step(1);
    }
    this.changed();
  }

  /** Advance to a frame's time. Returns whether there is more to come. */
  advance(now: number): boolean {
    for (const [name, tween] of this.tweens) if (!tween.advance(now)) this.tweens.delete(name);
    return this.tweens.size > 0;
  }

  has(name: string): boolean {
    return this.tweens.has(name);
  }

  stop(name: string): void {
    this.tweens.delete(name);
  }

  clear(): void {
    this.tweens.clear();
  }
}
