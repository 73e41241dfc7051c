/** Two points of the sweep, set by handles on the curve of z_a − z_b. */

import { h } from "../../dom";
import type { Hub } from "../../hub";
import { Plot, draw, line } from "../axes";
import { CursorLine, dragsCursor } from "../cursor";
import type { Sheet } from "../sheet";
import { stepped } from "./keys";

type End = "start" | "end";

export class Between {
  readonly plot = new Plot({ left: 46, right: 36, top: 18, bottom: 30 });
  onmove: () => void = () => {};
  start = 0;
  end = 1;
  private readonly handles: Record<End, HTMLElement>;
  private readonly cursor: CursorLine;
  private known: { positions: Float32Array; values: Float32Array } | null = null;

  constructor(
    hub: Hub,
    private readonly sheet: Sheet,
    private readonly words: (position: number) => string,
  ) {
    this.plot.root.classList.add("between");
    this.plot.svg.setAttribute("role", "img");
    this.handles = { start: this.handle("start", "from"), end: this.handle("end", "to") };
    this.plot.root.append(this.handles.start, this.handles.end);
    this.cursor = new CursorLine(this.plot, sheet, false);
    dragsCursor(hub, this.plot, sheet);
    this.plot.onlayout = () => this.draw();
  }

  set(start: number, end: number): void {
    [this.start, this.end] = [start, end];
    this.draw();
  }

  show(positions: Float32Array, values: Float32Array, title: string, [a, b]: [number, number]): void {
    this.known = { positions, values };
    const { low, high } = this.sheet.head!;
    const most = values.reduce((best, value) => Math.max(best, Math.abs(value)), 1) * 1.08;
    const name = `z${"₀₁₂₃₄₅₆₇₈₉"[a]} − z${"₀₁₂₃₄₅₆₇₈₉"[b]}`;
    this.plot.svg.setAttribute("aria-label", `${name} along the sweep, from ${values[0].toFixed(2)} to ${values[values.length - 1].toFixed(2)}`);
    this.plot.domain([low, high], [-most, most], { x: title, y: name });
    this.draw();
  }

  private draw(): void {
    const { plot, known, sheet } = this;
    this.cursor.show();
    if (!plot.width || !sheet.head) return;
    const [left, top, right, bottom] = plot.frame;
    const [x0, x1] = [plot.x.to(this.start), plot.x.to(this.end)];
    plot.back.replaceChildren(draw("rect", { class: "span", x: x0, y: top, width: Math.max(0, x1 - x0), height: bottom - top }));
    plot.lines.replaceChildren(
      draw("path", { class: "zero", d: `M${left} ${plot.y.to(0)}H${right}` }),
      ...(known ? [draw("path", { class: "node-curve", d: line(known.positions, known.values, plot.x, plot.y) })] : []),
    );
    const { low, high } = sheet.head;
    for (const end of ["start", "end"] as const) {
      const handle = this.handles[end];
      const said = { min: low, max: high, now: Number(this[end].toFixed(4)), text: this.words(this[end]) };
      handle.style.left = `${plot.x.to(this[end])}px`;
      handle.style.setProperty("--down", `${bottom - top}px`);
      for (const [name, value] of Object.entries(said)) handle.setAttribute(`aria-value${name}`, String(value));
    }
  }

  private handle(end: End, name: string): HTMLElement {
    const handle = h("div", { class: `handle ${end}`, role: "slider", tabindex: 0, "aria-label": end === "start" ? "From here" : "To here" }, name);
    handle.addEventListener("pointerdown", (event) => {
      handle.setPointerCapture(event.pointerId);
      event.preventDefault();
      event.stopPropagation();
      handle.focus();
    });
    handle.addEventListener("pointermove", (event) => {
      if (handle.hasPointerCapture(event.pointerId)) this.move(end, this.plot.at(event));
    });
    handle.addEventListener("keydown", (event) => {
      const { head } = this.sheet;
      if (!head || event.ctrlKey || event.metaKey || event.altKey) return;
      const to = stepped(event.key, event.shiftKey, this[end], head.low, head.high);
      if (to === null) return;
      event.preventDefault();
      event.stopPropagation();
      this.move(end, to);
    });
    return handle;
  }

  /** Neither handle goes past the other. */
  private move(end: End, to: number): void {
    const { low, high } = this.sheet.head!;
    if (end === "start") this.start = Math.max(low, Math.min(to, this.end));
    else this.end = Math.min(high, Math.max(to, this.start));
    this.draw();
    this.onmove();
  }
}
