// Pointer events, turned into "the pointer is here" (at most once a frame) and "this was a click".

const CLICK_PX = 5; // a press that moves further is a drag

export interface PointerHandlers {
  /** The pointer rests or, since `time`, moves at (x, y) CSS px of the canvas; null when it has left or drags. */
  point: (at: [number, number] | null, time?: number) => void;
  click: (at: [number, number], event: { shift: boolean }) => void;
}

export class Pointer {
  /** Where the pointer is, for a second look when the picture under it has moved. */
  at: [number, number] | null = null;
  private down: [number, number] | null = null;
  private scheduled = 0;
  private time: number | undefined;
  private readonly abort = new AbortController();

  constructor(
    private readonly canvas: HTMLCanvasElement,
    private readonly handlers: PointerHandlers,
  ) {
    const listen = (name: string, handler: (event: PointerEvent) => void) =>
      canvas.addEventListener(name, handler as EventListener, { signal: this.abort.signal });
    listen("pointerdown", (event) => (this.down = event.isPrimary && event.button === 0 ? this.where(event) : null));
    listen("pointermove", (event) => {
      if (event.pointerType === "touch" || event.buttons !== 0) return;
      this.at = this.where(event);
      this.time ??= event.timeStamp;
      this.look();
    });
    listen("pointerup", (event) => {
      const at = this.where(event);
      const down = this.down;
      this.down = null;
      if (!down || Math.hypot(at[0] - down[0], at[1] - down[1]) > CLICK_PX) return;
      this.handlers.click(at, { shift: event.shiftKey });
    });
    listen("pointerleave", (event) => {
      if (event.pointerType === "touch") return; // a finger that lifts has not left what it tapped
      this.at = null;
      this.handlers.point(null);
    });
  }

  /** Report the pointer's place once before the next frame. */
  look(): void {
    this.scheduled ||= requestAnimationFrame(() => {
      this.scheduled = 0;
      if (this.at) this.handlers.point(this.at, this.time);
      this.time = undefined;
    });
  }

  private where(event: PointerEvent): [number, number] {
    const box = this.canvas.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  }

  dispose(): void {
    this.abort.abort();
    cancelAnimationFrame(this.scheduled);
  }
}
