/** Going on by itself: the next step when there was time to read the one that has arrived. */

export const SPEEDS = [0.5, 1, 2] as const;
export type Speed = (typeof SPEEDS)[number];

const STEP_MS = 3000;
/** Of a sentence that takes longer than a step. */
const WORD_MS = 200;

export class Playback {
  private playing = false;
  private pace: Speed = 1;
  private timer = 0;
  private here = { step: -1, count: 0, words: 0 };

  constructor(
    private readonly go: (to: number) => void,
    private readonly toggled: (playing: boolean) => void,
  ) {}

  set speed(speed: Speed) {
    this.pace = speed;
    this.wait();
  }

  /** Play, from the beginning if this is the end; or pause. */
  toggle(): void {
    if (this.playing) return this.stop();
    this.play(true);
    if (this.here.step === this.here.count - 1) this.go(0);
    else this.wait();
  }

  stop(): void {
    clearTimeout(this.timer);
    this.play(false);
  }

  /** The page shows this step now; what is said again about the same one does not make it longer. */
  arrived(step: number, count: number, sentence: string): void {
    const same = step === this.here.step && count === this.here.count;
    this.here = { step, count, words: sentence.split(" ").length };
    if (!same) this.wait();
  }

  private wait(): void {
    clearTimeout(this.timer);
    const { step, count, words } = this.here;
    if (!this.playing) return;
    if (step === count - 1) return this.stop();
    this.timer = window.setTimeout(() => this.go(step + 1), Math.max(STEP_MS, WORD_MS * words) / this.pace);
  }

  private play(playing: boolean): void {
    if (playing === this.playing) return;
    this.playing = playing;
    this.toggled(playing);
  }
}
