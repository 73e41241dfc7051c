/** Curves with their names at their ends, under the sweep's cursor. */

import type { Hub } from "../../hub";
import { Plot, draw, line, set } from "../axes";
import { CursorLine, dragsCursor } from "../cursor";
import { type Sheet, rowAt } from "../sheet";

export interface Curve {
  /** What it stands for: a node, a layer. */
  key: number;
  name: string;
  values: ArrayLike<number>;
  /** Behind the name: the value at the cursor. */
  value: string;
  strong?: boolean;
}

export interface Curves {
  positions: Float32Array;
  curves: Curve[];
  x: string;
  y: string;
  range: [number, number];
  formatY?(value: number): string;
  about: string;
}

/** Lines are told apart by colour, then by dashes; the names at their ends say which is which. */
const COLOURS = 6;
const DASHES = ["", "6 3", "2 3"];
const ROOM = 14;
/** For the widest names; the plot keeps the rest. */
const NAMES = 172;

export class Lines {
  readonly plot = new Plot({ left: 50, right: NAMES, top: 16 });
  /** The curve at the pointer, and the row next to it; null when it has left. */
  onPoint: (key: number | null, row: number) => void = () => {};
  onPick: (key: number, event: MouseEvent) => void = () => {};
  private readonly cursor: CursorLine;
  private readonly ends = draw("g");
  private readonly dots = draw("g");
  private readonly dot = draw("circle", { class: "node-pointed", r: 4, visibility: "hidden" });
  private known: Curves | null = null;
  private pointed: number | null = null;

  constructor(
    hub: Hub,
    private readonly sheet: Sheet,
  ) {
    const { svg, root, front } = this.plot;
    root.classList.add("lines");
    svg.setAttribute("role", "img");
    front.append(this.dots, this.ends, this.dot);
    this.cursor = new CursorLine(this.plot, sheet);
    // Names are clicked; everywhere else the pointer takes the cursor along.
    this.ends.addEventListener("pointerdown", (event) => event.stopPropagation());
    this.ends.addEventListener("click", (event) => {
      const key = this.named(event);
      if (key !== null) this.onPick(key, event);
    });
    dragsCursor(hub, this.plot, sheet);
    this.plot.onlayout = () => this.draw();
    root.addEventListener("pointermove", (event) => this.point(event));
    root.addEventListener("pointerleave", () => this.point(null));
  }

  show(curves: Curves): void {
    this.known = curves;
    const { low, high } = this.sheet.head!;
    this.plot.svg.setAttribute("aria-label", curves.about);
    this.plot.domain([low, high], curves.range, { x: curves.x, y: curves.y, formatY: curves.formatY });
    this.draw();
  }

  private draw(): void {
    const { plot, known } = this;
    this.cursor.show();
    if (!known || !plot.width) return;
    const { positions, curves } = known;
    const { position } = this.sheet.cursor;
    plot.lines.replaceChildren(
      ...curves.map((curve, i) => draw("path", { d: line(positions, curve.values, plot.x, plot.y), class: `node-curve ${this.style(curve, i)}`, "stroke-dasharray": dashes(i) })),
    );
    const dots = position === null ? [] : curves.map(({ values }, i) => draw("circle", { class: `node-dot c${i % COLOURS}`, r: 3, cx: plot.x.to(position), cy: plot.y.to(between(positions, values, position)) }));
    this.dots.replaceChildren(...dots);
    this.ends.replaceChildren(...this.names(known));
  }

  private style({ key, strong }: Curve, i: number): string {
    return `c${i % COLOURS}${strong ? " strong" : ""}${key === this.pointed ? " on" : ""}`;
  }

  /** At the ends of the lines, but not on each other. */
  private names({ curves }: Curves): SVGElement[] {
    const [, top, right, bottom] = this.plot.frame;
    const ends = curves.map(({ values }, i) => ({ i, y: this.plot.y.to(values[values.length - 1]) })).sort((p, q) => p.y - q.y);
    const room = Math.min(ROOM, (bottom - top + 12) / Math.max(1, curves.length - 1));
    const places = spread(ends.map(({ y }) => y), room, top, bottom);
    return ends.flatMap(({ i, y }, at) => {
      const curve = curves[i];
      const text = draw("text", { x: right + 22, y: places[at] + 4, class: `end ${this.style(curve, i)}`, "data-key": curve.key }, draw("tspan", {}, curve.name), draw("tspan", { class: "value", dx: 5 }, curve.value));
      const lead = draw("path", { d: `M${right + 2} ${y.toFixed(1)}L${right + 7} ${places[at].toFixed(1)}H${right + 19}`, class: `lead ${this.style(curve, i)}`, "stroke-dasharray": dashes(i) });
      return [lead, text];
    });
  }

  private point(event: PointerEvent | null): void {
    const { known, plot } = this;
    if (!event || !known?.curves.length) return this.pointTo(null, 0);
    const box = plot.svg.getBoundingClientRect();
    const [px, py] = [event.clientX - box.left, event.clientY - box.top];
    const [left, top, right, bottom] = plot.frame;
    const last = known.positions.length - 1;
    if (px > right + 4) return this.pointTo(this.named(event), last);
    if (px < left - 4 || py < top - 8 || py > bottom + 8) return this.pointTo(null, 0);
    const row = rowAt(known, plot.x.from(px));
    const away = ({ values }: Curve): number => Math.abs(plot.y.to(values[row]) - py);
    this.pointTo(known.curves.reduce((best, curve) => (away(curve) < away(best) ? curve : best)).key, row);
  }

  /** The curve whose name is at the pointer. */
  private named(event: MouseEvent): number | null {
    const at = [...this.ends.querySelectorAll("text")].find((text) => {
      const { top, bottom } = text.getBoundingClientRect();
      return event.clientY >= top && event.clientY < bottom;
    });
    return at ? Number(at.dataset.key) : null;
  }

  private pointTo(key: number | null, row: number): void {
    const { known, plot } = this;
    const curve = known?.curves.find((each) => each.key === key);
    const changed = this.pointed !== (curve?.key ?? null);
    this.pointed = curve?.key ?? null;
    if (changed) this.draw();
    set(this.dot, { visibility: curve ? "visible" : "hidden" });
    if (curve && known) set(this.dot, { cx: plot.x.to(known.positions[row]), cy: plot.y.to(curve.values[row]) });
    if (curve || changed) this.onPoint(this.pointed, row);
  }
}

function dashes(i: number): string {
  return DASHES[Math.floor(i / COLOURS) % DASHES.length];
}

/** Linear between two rows. */
export function between(positions: ArrayLike<number>, values: ArrayLike<number>, position: number): number {
  let row = 0;
  while (row < positions.length - 2 && positions[row + 1] <= position) row++;
  const share = (position - positions[row]) / (positions[row + 1] - positions[row] || 1);
  return values[row] + Math.min(1, Math.max(0, share)) * (values[row + 1] - values[row]);
}

/** Rising places at least `room` apart, near to the wished ones and within bounds. */
export function spread(wished: number[], room: number, low: number, high: number): number[] {
  const places: number[] = [];
  for (const wish of wished) places.push(Math.max(wish, low, (places[places.length - 1] ?? -Infinity) + room));
  for (let i = places.length - 1, most = high; i >= 0; i--) most = (places[i] = Math.min(places[i], most)) - room;
  return places;
}
