/**
 * The pen: pointer events to Bokeh's freehand draw tool (ink at once, in the browser) and to the server.
 *
 * Bokeh's own gesture recogniser loses a stroke after a long hold, ignores taps, drops what is outside the
 * frame and mixes fingers; so the pointer events are taken before it sees them and handed to the tool.
 */

import type { PlotView } from "./bokeh";
import type { Hub } from "./hub";
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
      if (this.pointer !== null) return;
      this.queue.push({ message });
      this.pump();
    };
    const area = plot.canvas_view.events_el;
    area.style.touchAction = "none";
    area.style.cursor = "crosshair";
    const capture = { capture: true };
    area.addEventListener("pointerdown", (event) => this.down(event, area), capture);
    area.addEventListener("pointermove", (event) => this.move(event, area), capture);
    // Where the browser has it, the pen is heard at once and not at the next animation frame.
    area.addEventListener("pointerrawupdate", (event) => this.move(event as PointerEvent, area), capture);
    area.addEventListener("pointerup", (event) => this.up(event, area), capture);
    area.addEventListener("pointercancel", (event) => this.up(event, area), capture);
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
    if (this.current?.id === id) this.current = this.pointer = null;
  }

  private get tool(): FreehandTool {
    for (const [model, view] of this.plot.tool_views) {
      if (model.type === "FreehandDrawTool") return view as FreehandTool;
    }
    throw new Error("the pad has no freehand draw tool");
  }

  private down(event: PointerEvent, area: HTMLElement): void {
    event.stopImmediatePropagation();
    if (this.pointer !== null || !event.isPrimary || (event.pointerType === "mouse" && event.button !== 0)) return;
    event.preventDefault();
    area.focus({ preventScroll: true });
    this.pointer = event.pointerId;
    try {
      area.setPointerCapture(event.pointerId);
    } catch {
      // A pointer that is already gone cannot be captured; its stroke is a dot.
    }
    this.onBegin(this.erase ? ERASER * this.width : this.width);
    const tool = this.tool;
    // A stroke that leaves the frame stays whole: the tool's own mapping would drop those points.
    tool._map_drag = (sx, sy) => [this.plot.frame.x_scale.invert(sx), this.plot.frame.y_scale.invert(sy)];
    this.current = {
      id: ++this.strokes,
      points: [],
      sent: 0,
      width: this.erase ? ERASER * this.width : this.width,
      erase: this.erase,
      ended: false,
      newest: event.timeStamp,
    };
    this.queue.push(this.current);
    this.unsaved.push(this.current);
    this.add(event, area, "new");
    // Bokeh draws a line of one point as nothing; its double makes a dot.
    this.add(event, area, "add");
    this.pump();
  }

  private move(event: PointerEvent, area: HTMLElement): void {
    if (this.pointer === null) return;
    event.stopImmediatePropagation();
    if (event.pointerId !== this.pointer) return;
    const events = event.getCoalescedEvents?.() ?? [];
    for (const each of events.length ? events : [event]) {
      // A movement comes twice, raw and with its animation frame.
      if (each.timeStamp > this.current!.newest) this.add(each, area, "add");
    }
    this.pump();
  }

  private up(event: PointerEvent, area: HTMLElement): void {
    event.stopImmediatePropagation();
    if (event.pointerId !== this.pointer || !this.current) return;
    if (event.type === "pointerup") this.add(event, area, "add");
    this.pointer = null;
    this.current.ended = true;
    this.current = null;
    this.onEnd();
    this.pump();
  }

  private add(event: PointerEvent, area: HTMLElement, mode: "new" | "add"): void {
    const stroke = this.current!;
    const box = area.getBoundingClientRect();
    const sx = event.clientX - box.left;
    const sy = event.clientY - box.top;
    const x = this.plot.frame.x_scale.invert(sx);
    const y = this.plot.frame.y_scale.invert(sy);
    const n = stroke.points.length;
    if (n > 2 && x === stroke.points[n - 2] && y === stroke.points[n - 1]) return;
    stroke.points.push(x, y);
    stroke.newest = event.timeStamp;
    this.tool._draw({ sx, sy }, mode);
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
