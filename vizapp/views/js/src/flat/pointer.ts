/** The pointer over the flat plot: what it is on, and what a click there selects. */

import type { PlotView } from "../bokeh";
import type { Hub, Preview } from "../hub";
import { layerIndexOf } from "../network";
import { nodeAt } from "../picking";
import { Question } from "../question";
import { highlighted } from "../readout";
import { modeOf, pickAll } from "../selecting";
import type { Viewport } from "../viewport";
import type { HoverLines, Highlight } from "./hover";
import type { Labels } from "./labels";
import { CLICK_PX } from "./tools";

export class FlatPointer {
  private found: Highlight[] = [];
  private pressed = [0, 0];
  /** The pointer has left the place where it was pressed. */
  private dragged = false;
  private label: Preview | null = null;
  private readonly probe: Question<number[]>;

  constructor(
    private readonly hub: Hub,
    private readonly plot: PlotView,
    private readonly labels: Labels,
    lines: HoverLines,
    viewport: Viewport,
  ) {
    this.probe = new Question(hub, ([x, y], seq) => ({ type: "probe", seq, x, y }));
    const events = plot.canvas_view.events_el;
    events.addEventListener("pointermove", (event) => this.point(event));
    for (const type of ["wheel", "pointerdown"]) events.addEventListener(type, () => viewport.touched());
    events.addEventListener("dblclick", () => {
      if (hub.focus === null && !this.label) viewport.fit();
    });
    events.addEventListener("pointerleave", ({ pointerType }) => {
      // A finger that lifts has not left what it tapped.
      if (pointerType === "touch") return;
      hub.setFocus(null, "flat");
      this.over(null);
      this.leaveEdges();
      lines.edges([]);
    });
    events.addEventListener("pointerdown", (event) => {
      // A finger does not hover.
      this.pressed = [event.clientX, event.clientY];
      this.dragged = false;
      this.point(event);
    });
    events.addEventListener("click", (event) => this.pick(event));
    hub.on("highlight", (edges) => lines.edges(edges));
    hub.on("probe", ({ edges }) => {
      this.probe.answered();
      this.found = edges.map(highlighted);
      if (hub.focus === null && !this.label) hub.emit("highlight", this.found);
    });
  }

  private point(event: PointerEvent): void {
    const { network } = this.hub;
    if (!network) return;
    const [x0, y0] = this.pressed;
    if (event.buttons) this.dragged ||= Math.hypot(event.clientX - x0, event.clientY - y0) > CLICK_PX;
    // Who drags does not point.
    if (event.buttons && this.dragged) {
      this.over(null);
      this.leaveEdges();
      return this.hub.setFocus(null, "flat");
    }
    const events = this.plot.canvas_view.events_el;
    const box = events.getBoundingClientRect();
    const [left, top] = [event.clientX - box.left, event.clientY - box.top];
    const label = this.labels.at(left, top);
    this.over(label);
    if (label) {
      events.style.cursor = "pointer";
      this.leaveEdges();
      return this.hub.setFocus(null, "flat");
    }
    const [x, y] = [this.plot.frame.x_scale.invert(left), this.plot.frame.y_scale.invert(top)];
    const node = nodeAt(network, x, y);
    const hidden = this.hub.settings?.hidden ?? [];
    const seen = node !== null && !hidden.includes(network.layers[layerIndexOf(network, node)].name);
    this.hub.setFocus(seen ? node : null, "flat", event.timeStamp);
    if (seen) this.leaveEdges();
    else this.probe.ask([x, y]);
  }

  private leaveEdges(): void {
    this.probe.drop();
    this.found = [];
  }

  private over(label: Preview | null): void {
    if (label === this.label) return;
    if (label) this.hub.setPreview(label);
    else if (this.hub.preview === this.label) this.hub.setPreview(null);
    this.label = label;
  }

  /** A click selects the node there, what a text stands for, or both ends of the strongest edge there. */
  private pick(event: MouseEvent): void {
    if (this.dragged) return;
    const mode = modeOf(event);
    if (this.label) {
      pickAll(this.hub, this.label.nodes, mode, "flat");
      // A finger does not stay.
      if (event instanceof PointerEvent && event.pointerType === "touch") this.over(null);
      return;
    }
    const edge = this.found[0];
    const nodes = this.hub.focus !== null ? [this.hub.focus] : edge ? [edge.target, edge.source] : [];
    this.hub.send({ type: "pick", nodes: Uint32Array.from(nodes), mode, origin: "flat" });
  }
}
