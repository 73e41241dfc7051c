/** User Timing entries from a pointer event to the frame that painted its result. */

import type { Hub } from "./hub";

/** Entries kept of each name: the browser keeps them for ever, and a long session must not. */
const KEPT = 2000;
const OPEN = 100;

/** Measures `vizapp:pen-to-<pane>` for every answer to a pen message that a pane has painted. */
export class PenTimer {
  private started = new Map<number, number>();
  private last = new Map<string, number>();

  constructor(private readonly hub: Hub) {
    hub.on("painted", ({ pane, ack }) => {
      const start = this.started.get(ack);
      if (start === undefined || this.last.get(pane) === ack) return;
      this.last.set(pane, ack);
      untilPainted(`vizapp:pen-to-${pane}`, start);
    });
  }

  /** `start`: the time stamp of the newest pointer event in the message `seq`. */
  sent(seq: number, start: number): void {
    this.started.set(seq, start);
    this.hub.emit("sent", { seq, start });
    if (this.started.size > OPEN) this.started.delete(this.started.keys().next().value!);
  }
}

/** Measures, under a name, from `start` to the frame that shows what was just drawn. */
export function untilPainted(name: string, start: number): void {
  afterPaint((end) => measure(name, start, end));
}

/** Measures `vizapp:hover-to-edges` for every node that the pointer came to: until its edges are in all views. */
export class HoverTimer {
  private open: { node: number; start: number; panes: Set<string> } | null = null;

  constructor(hub: Hub) {
    hub.on("focus", ({ node, at }) => {
      this.open = node !== null && at ? { node, start: at, panes: new Set() } : null;
    });
    hub.on("traced", ({ pane, node }) => {
      const { open } = this;
      if (open?.node !== node) return;
      open!.panes.add(pane);
      if (open!.panes.size < (hub.settings?.panes === "both" ? 2 : 1)) return;
      this.open = null;
      afterFrame((end) => measure("vizapp:hover-to-edges", open!.start, end));
    });
  }
}

const counts = new Map<string, number>();

function measure(name: string, start: number, end: number): void {
  performance.measure(name, { start, end });
  // To ask the browser how many there are, it makes a list of them.
  const count = (counts.get(name) ?? 0) + 1;
  counts.set(name, count % KEPT);
  if (count === KEPT) performance.clearMeasures(name);
}

/** Calls back when the frame that shows what was just drawn has been handed to the screen. */
function afterPaint(callback: (time: number) => void): void {
  requestAnimationFrame(() => afterFrame(callback));
}

/** Of the frame that is being drawn: called from inside an animation frame. */
function afterFrame(callback: (time: number) => void): void {
  const channel = new MessageChannel();
  channel.port1.onmessage = () => callback(performance.now());
  channel.port2.postMessage(null);
}
