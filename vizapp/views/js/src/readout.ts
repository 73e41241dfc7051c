/** One line that tells what the pointer is on, in whichever pane, with exact numbers. */

import type { Props } from "./bokeh";
import { h, number } from "./dom";
import { type Hub, hubOf } from "./hub";
import { layerIndexOf, nodeName } from "./network";

export function render({ view }: Props): HTMLElement {
  const hub = hubOf(view.model.document);
  const name = h("span", { class: "name" }, "Point at a node");
  const values = h("span", { class: "values num" }, "to see its value and the edges that end in it.");
  const root = h("div", { class: "v-readout", "data-testid": "readout" }, name, values);
  new FocusLine(hub);

  const exact = (list: number[][]): void => {
    const row = list.find((r) => r[0] === hub.focus);
    if (!row || !hub.network) return;
    const layer = hub.network.layers[layerIndexOf(hub.network, row[0])];
    values.textContent =
      layer.kind === "input"
        ? `ink ${number(row[2])}`
        : `sum ${number(row[1])}  →  ${layer.activation === "identity" ? "value" : layer.activation} ${number(row[2])}`;
  };
  hub.on("focus", ({ node }) => {
    name.textContent = node === null || !hub.network ? "Point at a node" : nodeName(hub.network, node);
    values.textContent = node === null ? "to see its value and the edges that end in it." : "";
  });
  hub.on("frame", (frame) => exact(frame.values));
  hub.on("values", (message) => exact(message.values));
  return root;
}

/** Tells the server what the pointer is on; one question at a time, the newest wins. */
class FocusLine {
  private seq = 0;
  private waiting = false;
  private wanted: number | null = null;
  private watchdog = 0;

  constructor(private hub: Hub) {
    hub.on("focus", ({ node }) => {
      this.wanted = node ?? -1;
      this.pump();
    });
    hub.on("values", () => this.answered());
  }

  private answered(): void {
    clearTimeout(this.watchdog);
    this.waiting = false;
    this.pump();
  }

  private pump(): void {
    if (this.waiting || this.wanted === null) return;
    const node = this.wanted;
    this.wanted = null;
    this.waiting = true;
    this.hub.send({ type: "focus", seq: ++this.seq, node });
    this.watchdog = window.setTimeout(() => this.answered(), 1000);
  }
}
