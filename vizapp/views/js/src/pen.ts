/**
 * The pen: pointer events to Bokeh's freehand draw tool (ink at once, in the browser) and to the server.
 *
 * Bokeh's own gesture recogniser loses a stroke after a long hold, ignores taps, drops what is outside the
 * frame and mixes fingers; so the pointer events are taken before it sees them and handed to the tool.
 */

import type { PlotView } from "./bokeh";
import type { Hub } from "./hub";
import { REASON } from "./locks";
import { PenTimer } from "./timing";
import type { ClientMessage, SavedStroke } from "./wire";

interface FreehandTool {
  _draw(event: { sx: number; sy: number }, mode: "new" | "add", emit?: boolean): void;
  _map_drag(sx: number, sy: number): [number, number] | null;
}

interface LiveStroke {
  id: number;
  points: number[];
  sent: number;
  width: number;
  erase: boolean;
  ended: boolean;
  newest: number;
}

/** An edit of the drawing, waiting for its turn behind the strokes drawn before it. */
interface Edit {
  message: ClientMessage;
}

/** Nothing came back for this long, at least: the answer is lost, go on with the newest points. */
const WATCHDOG_MS = 1000;
const LONGEST_MS = 30_000;
/** How much wider the eraser is than the pen. */
const ERASER = 2.5;
/** Points to a message: far above what a hand draws between two answers. */
const MAX_POINTS = 2000;

export class Pen {
  width = 2.4;
  erase = false;
  locked = false;
  onBegin: (width: number) => void = () => {};
  onEnd: () => void = () => {};
  private current: LiveStroke | null = null;
  /** Strokes and edits in the order they were made: an edit must not overtake a stroke on a slow line. */
  private queue: (LiveStroke | Edit)[] = [];
  private seq = 0;
  private unsaved: LiveStroke[] = [];
  private strokes = 0;
  private inFlight = 0;
  /** Takes back the message in flight, should no answer come. */
  private rewind: () => void = () => {};
  private watchdog = 0;
  private sentAt = 0;
  private patience = WATCHDOG_MS;
  private pointer: number | null = null;
  private timer: PenTimer;

  constructor(
    private hub: Hub,
    private plot: PlotView,
  ) {
    this.timer = new PenTimer(hub);
    hub.on("saved", () => (this.unsaved = this.unsaved.filter((stroke) => stroke.sent !== Infinity)));
    hub.unsaved = () => this.unsaved.map(saved);
    hub.inOrder = (message) => {
      // In the middle of a stroke there is nothing to undo yet.
      if (this.current) return;
      this.queue.push({ message });
      this.pump();
    };
    const area = plot.canvas_view.events_el;
    area.style.touchAction = "none";
    area.style.cursor = "crosshair";
    const capture = { capture: true };
    area.addEventListener("pointerdown", (event) => this.press(event, area), capture);
    area.addEventListener("pointermove", (event) => this.move(event, area), capture);
    // Where the browser has it, the pen is heard at once and not at the next animation frame.
    area.addEventListener("pointerrawupdate", (event) => this.move(event as PointerEvent, area), capture);
    area.addEventListener("pointerup", (event) => this.lift(event, area), capture);
    area.addEventListener("pointercancel", (event) => this.lift(event, area), capture);
    hub.on("frame", (frame) => {
      if (!this.inFlight || frame.ack < this.inFlight) return;
      // A slow line is not a lost answer: wait for as long as answers take.
      this.patience = Math.min(LONGEST_MS, Math.max(WATCHDOG_MS, 3 * (performance.now() - this.sentAt)));
      this.answered();
    });
  }

  /** Strokes that the server has not answered in full: they are on the pad, whatever it says is there. */
  get pending(): SavedStroke[] {
    return this.queue.filter((item) => "points" in item).map(saved);
  }

  /** The server refused a stroke: what is left of it is not drawn. */
  abandon(id: number): void {
    this.queue = this.queue.filter((item) => !("points" in item) || item.id !== id);
    this.unsaved = this.unsaved.filter((stroke) => stroke.id !== id);
    if (this.current?.id !== id) return;
    this.current = this.pointer = null;
    this.hub.emit("pen", { down: false });
  }

  private get tool(): FreehandTool {
    for (const [model, view] of this.plot.tool_views) {
      if (model.type === "FreehandDrawTool") return view as FreehandTool;
    }
    throw new Error("the pad has no freehand draw tool");
  }

  /** Whether the pen is on the paper. */
  get down(): boolean {
    return this.current !== null;
  }

  /** A stroke begins at a point of the pad, whose side is 1; a pointer moves the pen, or whoever else. */
  begin(x: number, y: number, time = performance.now()): void {
    if (this.locked) {
      this.hub.emit("notice", { type: "notice", level: "info", text: `${REASON}: the drawing cannot be changed here.` });
      return;
    }
    if (this.current) this.end();
    const width = this.erase ? ERASER * this.width : this.width;
    this.onBegin(width);
    // A stroke that leaves the frame stays whole: the tool's own mapping would drop those points.
    this.tool._map_drag = (sx, sy) => [this.plot.frame.x_scale.invert(sx), this.plot.frame.y_scale.invert(sy)];
    this.current = { id: ++this.strokes, points: [], sent: 0, width, erase: this.erase, ended: false, newest: time };
    this.queue.push(this.current);
    this.unsaved.push(this.current);
    this.add(x, y, time, "new");
    // Bokeh draws a line of one point as nothing; its double makes a dot.
    this.add(x, y, time, "add");
    this.hub.emit("pen", { down: true });
    this.pump();
  }

  extend(x: number, y: number, time = performance.now()): void {
    if (!this.current) return;
    this.add(x, y, time, "add");
    this.pump();
  }

  end(): void {
    if (!this.current) return;
    this.pointer = null;
    this.current.ended = true;
    this.current = null;
    this.onEnd();
    this.hub.emit("pen", { down: false });
    this.pump();
  }

  private press(event: PointerEvent, area: HTMLElement): void {
    event.stopImmediatePropagation();
    if (this.pointer !== null || !event.isPrimary || (event.pointerType === "mouse" && event.button !== 0)) return;
    event.preventDefault();
    area.focus({ preventScroll: true });
    this.begin(...this.place(event, area), event.timeStamp);
    if (!this.current) return;
    this.pointer = event.pointerId;
    try {
      area.setPointerCapture(event.pointerId);
    } catch {
      // A pointer that is already gone cannot be captured; its stroke is a dot.
    }
  }

  private move(event: PointerEvent, area: HTMLElement): void {
    if (this.pointer === null) return;
    event.stopImmediatePropagation();
    if (event.pointerId !== this.pointer) return;
    const events = event.getCoalescedEvents?.() ?? [];
    for (const each of events.length ? events : [event]) {
      // A movement comes twice, raw and with its animation frame.
      if (each.timeStamp > this.current!.newest) this.add(...this.place(each, area), each.timeStamp, "add");
    }
    this.pump();
  }

  private lift(event: PointerEvent, area: HTMLElement): void {
    event.stopImmediatePropagation();
    if (event.pointerId !== this.pointer || !this.current) return;
    if (event.type === "pointerup") this.add(...this.place(event, area), event.timeStamp, "add");
    this.end();
  }

  private place(event: PointerEvent, area: HTMLElement): [number, number] {
    const { x_scale, y_scale } = this.plot.frame;
    const box = area.getBoundingClientRect();
    return [x_scale.invert(event.clientX - box.left), y_scale.invert(event.clientY - box.top)];
  }

  private add(x: number, y: number, time: number, mode: "new" | "add"): void {
    const { points } = this.current!;
    const n = points.length;
    if (n > 2 && x === points[n - 2] && y === points[n - 1]) return;
    points.push(x, y);
    this.current!.newest = time;
    const { x_scale, y_scale } = this.plot.frame;
    this.tool._draw({ sx: x_scale.compute(x), sy: y_scale.compute(y) }, mode);
  }

  private answered(): void {
    clearTimeout(this.watchdog);
    this.inFlight = 0;
    this.pump();
  }

  /** At most one message on its way; the newest points go with the next one. */
  private pump(): void {
    if (this.inFlight) return;
    let stroke: LiveStroke | null = null;
    while (this.queue.length && !stroke) {
      const head = this.queue[0];
      if ("points" in head && head.sent !== Infinity) stroke = head;
      else this.queue.shift();
      if ("message" in head) this.hub.send(head.message);
    }
    if (!stroke) return;
    const total = stroke.points.length / 2;
    const upTo = Math.min(total, stroke.sent + MAX_POINTS);
    if (upTo === stroke.sent && !stroke.ended) return;
    const end = stroke.ended && upTo === total;
    const seq = ++this.seq;
    this.inFlight = seq;
    this.timer.sent(seq, stroke.newest);
    this.hub.send({
      type: "pen",
      seq,
      stroke: stroke.id,
      start: stroke.sent,
      points: new Float32Array(stroke.points.slice(2 * stroke.sent, 2 * upTo)),
      width: stroke.width,
      erase: stroke.erase,
      end,
    });
    const before = stroke.sent;
    const live = stroke;
    this.rewind = () => (live.sent = before);
    stroke.sent = end ? Infinity : upTo;
    this.sentAt = performance.now();
    this.watchdog = window.setTimeout(() => {
      this.patience = Math.min(LONGEST_MS, 2 * this.patience);
      this.rewind();
      this.answered();
    }, this.patience);
  }
}

function saved({ points, width, erase }: LiveStroke): SavedStroke {
  return { points: Array.from({ length: points.length / 2 }, (_, i) => points.slice(2 * i, 2 * i + 2)), width, erase };
}
