/**
 * The pen: pointer events to Bokeh's freehand draw tool (ink at once, in the browser) and to the server.
 *
 * Bokeh's own gesture recogniser loses a stroke after a long hold, ignores taps, drops what is outside the
 * frame and mixes fingers; so the pointer events are taken before it sees them and handed to the tool.
 */

import type { PlotView } from "./bokeh";
import type { Hub } from "./hub";
import { PenTimer } from "./timing";
import type { SavedStroke } from "./wire";

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

/** Nothing came back for this long, at least: the answer is lost, go on with the newest points. */
const WATCHDOG_MS = 1000;
const LONGEST_MS = 30_000;
/** Points to a message: far above what a hand draws between two answers. */
const MAX_POINTS = 2000;

export class Pen {
  width = 2.4;
  erase = false;
  onBegin: () => void = () => {};
  onEnd: () => void = () => {};
  private current: LiveStroke | null = null;
  private queue: LiveStroke[] = [];
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
    const area = plot.canvas_view.events_el;
    area.style.touchAction = "none";
    area.style.cursor = "crosshair";
    const capture = { capture: true };
    area.addEventListener("pointerdown", (event) => this.down(event, area), capture);
    area.addEventListener("pointermove", (event) => this.move(event, area), capture);
    area.addEventListener("pointerup", (event) => this.up(event, area), capture);
    area.addEventListener("pointercancel", (event) => this.up(event, area), capture);
    hub.on("frame", (frame) => {
      if (!this.inFlight || frame.ack < this.inFlight) return;
      // A slow line is not a lost answer: wait for as long as answers take.
      this.patience = Math.min(LONGEST_MS, Math.max(WATCHDOG_MS, 3 * (performance.now() - this.sentAt)));
      this.answered();
    });
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
    this.onBegin();
    const tool = this.tool;
    // A stroke that leaves the frame stays whole: the tool's own mapping would drop those points.
    tool._map_drag = (sx, sy) => [this.plot.frame.x_scale.invert(sx), this.plot.frame.y_scale.invert(sy)];
    this.current = {
      id: ++this.strokes,
      points: [],
      sent: 0,
      width: this.width,
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
    for (const each of events.length ? events : [event]) this.add(each, area, "add");
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
    while (this.queue.length && this.queue[0].sent === Infinity) this.queue.shift();
    const stroke = this.queue[0];
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
    this.rewind = () => (stroke.sent = before);
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
