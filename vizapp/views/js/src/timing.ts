/** User Timing entries from the pointer event to the frame that painted its result. */

import type { Hub } from "./hub";

const PANES = ["answer", "flat", "scene"];

/** Measures `vizapp:pen-to-<pane>` for every frame that answers a pen message. */
export class PenTimer {
  private started = new Map<number, number>();
  private open = new Map<string, number>();

  constructor(hub: Hub) {
    hub.on("frame", (frame) => {
      const start = this.started.get(frame.ack);
      if (start === undefined) return;
      this.started.delete(frame.ack);
      for (const pane of PANES) this.open.set(pane, start);
    });
    hub.on("painted", ({ pane }) => {
      const start = this.open.get(pane);
      if (start === undefined) return;
      this.open.delete(pane);
      afterPaint((end) => {
        const name = `vizapp:pen-to-${pane}`;
        performance.measure(name, { start, end });
        // The browser keeps entries for ever; a long session must not.
        if (performance.getEntriesByName(name).length > 2000) performance.clearMeasures(name);
      });
    });
  }

  /** `start`: the time stamp of the newest pointer event in the message `seq`. */
  sent(seq: number, start: number): void {
    this.started.set(seq, start);
    if (this.started.size > 100) this.started.delete(this.started.keys().next().value!);
  }
}

/** Calls back when what was just drawn has been handed to the screen. */
function afterPaint(callback: (time: number) => void): void {
  const channel = new MessageChannel();
  channel.port1.onmessage = () => callback(performance.now());
  channel.port2.postMessage(null);
}
