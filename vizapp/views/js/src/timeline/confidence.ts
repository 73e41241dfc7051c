/** The confidence plot: probabilities along the sweep, way by way, under a cursor that takes all panes along. */

import { h } from "../dom";
import type { Hub } from "../hub";
import { draw, line, Plot, set, short } from "./axes";
import { classesAt, CursorLine, CursorSlider, dragsCursor } from "./cursor";
import type { CurveMessage } from "./messages";
import { colourOf, dashOf, mark, markOf, pairOf } from "./palette";
import { rowAt, type Sheet } from "./sheet";
import { Strip } from "./strip";
import { endLabels, peakLabels } from "./labels";
import { axisTitle, isRange, placeShort } from "./words";

/** Positions between two marks of a way. */
const MARKS_EVERY = 9;

export class Confidence {
  readonly element: HTMLElement;
  /** All ten classes, not only those that matter. */
  all = false;
  private readonly plot = new Plot({ top: 18, right: 50, bottom: 36 });
  private readonly shades = draw("g");
  private readonly texts = draw("g", { class: "line-names" });
  private readonly dots = draw("g");
  private readonly note = h("p", { class: "note" });
  /** The way that was drawn as the cursor's. */
  private way = "";
  private readonly groups = new Map<string, { group: SVGGElement; of: string; curve: CurveMessage }>();
  private readonly cursor: CursorLine;
  private readonly slider: CursorSlider;
  private readonly strip: Strip;

  constructor(
    private readonly hub: Hub,
    private readonly sheet: Sheet,
    toggle: () => void,
  ) {
    const { plot } = this;
    plot.back.append(this.shades);
    plot.front.append(this.texts);
    this.cursor = new CursorLine(plot, sheet);
    plot.front.append(this.dots);
    this.slider = new CursorSlider(hub, plot, sheet, toggle);
    this.strip = new Strip(plot, sheet);
    plot.root.append(this.slider.element, this.note);
    set(plot.svg, { "aria-hidden": "true" });
    dragsCursor(hub, plot, sheet, () => this.slider.element.focus({ preventScroll: true }));
    this.element = h("div", { class: "confidence" }, plot.root, this.strip.element);
    plot.onlayout = () => this.show();
    sheet.on("head", (head) => {
      if (!head) return;
      const titles = { x: axisTitle(head), y: "probability", formatX: isRange(head) ? (value: number) => placeShort(head, value) : short };
      plot.domain([head.low, head.high], [0, 1], titles);
      this.show();
    });
    sheet.on("curves", () => this.show());
    sheet.on("cursor", ({ way }) => (way === this.way ? this.point() : this.show()));
    hub.on("theme", () => this.strip.repaint());
    hub.on("network", () => this.show());
  }

  /** The classes that are drawn: the two in question, and those that come between them somewhere. */
  get classes(): number[] {
    const { focus, shown } = this.sheet;
    if (!focus) return [];
    if (this.all) return [...Array(focus.probabilities.length / focus.positions.length).keys()];
    const { a, b } = focus.readouts;
    const others = shown.flatMap(({ readouts }) => [readouts.b, readouts.a, ...readouts.intruders.map(({ label }) => label)]);
    // The two in question lie on top.
    return [...new Set(others.filter((label) => label !== a && label !== b)), b, a];
  }

  get drawn(): Plot {
    return this.plot;
  }

  show(): void {
    const { sheet, plot } = this;
    if (!plot.width || !sheet.head) return;
    const { shown, focus } = sheet;
    this.way = sheet.cursor.way;
    const kept = new Set<string>();
    for (const curve of shown) {
      const key = `${curve.way} ${curve.network}`;
      kept.add(key);
      const own = curve === focus;
      const of = [plot.width, plot.height, plot.x.domain, this.classes, pairOf(focus), own, curve.network === this.hub.network?.name, sheet.ways.length].join();
      const known = this.groups.get(key);
      const group = known?.group ?? draw("g", { class: "curve", "data-curve": key });
      if (known?.of !== of || known.curve !== curve) group.replaceChildren(...this.paths(curve));
      group.classList.toggle("stale", sheet.stale(curve));
      group.classList.toggle("own", own);
      this.groups.set(key, { group, of, curve });
      plot.lines.append(group);
    }
    for (const [key, { group }] of this.groups) {
      if (kept.has(key)) continue;
      group.remove();
      this.groups.delete(key);
    }
    this.shade();
    this.texts.replaceChildren(...endLabels(plot, shown, this.classes, this.hub.network?.name ?? "", focus), ...peakLabels(plot, focus, this.classes));
    const words = sheet.head.problem ?? (focus || !sheet.head.ways.length ? "" : "The curve is on its way …");
    if (this.note.textContent !== words) this.note.textContent = words;
    this.strip.show();
    this.point();
  }

  private paths(curve: CurveMessage): SVGElement[] {
    const { x, y } = this.plot;
    const { positions, probabilities, way, network } = curve;
    const many = this.sheet.ways.length > 1;
    const pair = pairOf(this.sheet.focus);
    const step = probabilities.length / positions.length;
    const offset = 2 + 2 * (this.sheet.head?.ways.findIndex(({ name }) => name === way) ?? 0);
    return this.classes.flatMap((label) => {
      const values = Float32Array.from(positions, (_, row) => probabilities[row * step + label]);
      const colour = colourOf(label, pair);
      const rest = pair?.includes(label) ? "" : " rest";
      const path = draw("path", { d: line(positions, values, x, y), class: `probability${rest}`, "data-label": label, stroke: colour, "stroke-dasharray": dashOf(network, this.hub.network?.name) });
      if (!many || rest || markOf(way) === null) return [path];
      const marks = [...positions.keys()].filter((row) => row % MARKS_EVERY === offset % MARKS_EVERY);
      return [path, ...marks.map((row) => mark(way, x.to(positions[row]), y.to(values[row]), colour))];
    });
  }

  /** Where the answer stays, of a range; where strokes begin, of a way by hand; where the two classes change places. */
  private shade(): void {
    const { sheet, plot } = this;
    const { head, focus } = sheet;
    const [left, top, right, bottom] = plot.frame;
    const parts: SVGElement[] = [];
    if (focus?.interval) {
      const [from, to] = [plot.x.to(focus.interval.low), plot.x.to(focus.interval.high)];
      parts.push(draw("rect", { x: from, y: top, width: Math.max(0, to - from), height: bottom - top, class: "robust" }));
      parts.push(draw("text", { x: Math.min(right - 60, Math.max(left + 60, (from + to) / 2)), y: top + 13, "text-anchor": "middle", class: "shade-name" }, `stays ${focus.interval.answer}`));
    }
    if (head?.neutral !== null && head?.neutral !== undefined && head.neutral > head.low) {
      const x = plot.x.to(head.neutral).toFixed(1);
      parts.push(draw("path", { d: `M${x} ${top}V${bottom}`, class: "neutral" }));
    }
    for (const step of head?.steps ?? []) parts.push(draw("path", { d: `M${plot.x.to(step).toFixed(1)} ${bottom}v-9`, class: "begins" }));
    if (head?.kind === "morph") {
      for (const curve of sheet.shown) {
        // Of another drawing: the line is faint, a place of it would be taken for one of this drawing.
        if (curve !== focus && sheet.stale(curve)) continue;
        for (const position of curve.readouts.crossings) {
          const x = plot.x.to(position);
          parts.push(draw("path", { d: `M${x.toFixed(1)} ${top}V${bottom}`, class: curve === focus ? "crossing own" : "crossing", "stroke-dasharray": dashOf(curve.network, this.hub.network?.name) || "1 3" }));
          if (markOf(curve.way)) parts.push(mark(curve.way, x, bottom, "var(--muted)"));
        }
      }
    }
    this.shades.replaceChildren(...parts);
  }

  /** The cursor, and what the curve under it says there. */
  private point(): void {
    this.cursor.show();
    this.slider.show();
    const { sheet, plot } = this;
    const { focus, cursor } = sheet;
    if (!focus || cursor.position === null || !plot.width) return void this.dots.replaceChildren();
    const pair = pairOf(focus);
    const values = classesAt(focus, rowAt(focus, cursor.position));
    const x = plot.x.to(cursor.position);
    this.dots.replaceChildren(...(pair ?? []).map((label) => draw("circle", { cx: x.toFixed(1), cy: plot.y.to(interpolated(focus, label, cursor.position!, values[label])).toFixed(1), r: 4, fill: colourOf(label, pair), class: "dot" })));
  }
}

/** The probability of a class on the line between the two rows around a position. */
export function interpolated({ positions, probabilities }: CurveMessage, label: number, position: number, otherwise: number): number {
  const step = probabilities.length / positions.length;
  const after = positions.findIndex((at) => at >= position);
  if (after <= 0) return otherwise;
  const share = (position - positions[after - 1]) / (positions[after] - positions[after - 1]);
  return (1 - share) * probabilities[(after - 1) * step + label] + share * probabilities[after * step + label];
}
