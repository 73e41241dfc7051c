/** Names at the lines: of classes at their ends, of those that come in between at their peaks. */

import { draw, type Plot } from "./axes";
import type { CurveMessage } from "./messages";
import { colourOf, pairOf } from "./palette";

const LINE = 13;
/** A class that ends below this is named at its peak, or not at all. */
const WORTH = 0.08;

interface Name {
  text: string;
  y: number;
  colour: string;
}

/** At the right, one below the other where lines end together. */
export function endLabels(plot: Plot, curves: CurveMessage[], classes: number[], own: string, focus: CurveMessage | null): SVGElement[] {
  const pair = pairOf(focus);
  const [, top, right, bottom] = plot.frame;
  const several = new Set(curves.map(({ network }) => network)).size > 1;
  const names: Name[] = [];
  for (const curve of curves) {
    // All ways of a network end alike, or nearly.
    if (curve !== focus && !(curve.network !== own && curve.way === focus?.way)) continue;
    const step = curve.probabilities.length / curve.positions.length;
    for (const label of classes) {
      const value = curve.probabilities[curve.probabilities.length - step + label];
      if (value < WORTH && !pair?.includes(label)) continue;
      names.push({ text: several ? `${label} ${curve.network}` : String(label), y: plot.y.to(value), colour: colourOf(label, pair) });
    }
  }
  names.sort((one, other) => one.y - other.y);
  spread(names, top, bottom);
  return names.map(({ text, y, colour }) => draw("text", { x: right + 6, y: y + 4, fill: colour, class: "name" }, text));
}

/** Over the peaks of third classes on the way of the cursor. */
export function peakLabels(plot: Plot, focus: CurveMessage | null, classes: number[]): SVGElement[] {
  if (!focus) return [];
  const { a, b } = focus.readouts;
  const step = focus.probabilities.length / focus.positions.length;
  const last = focus.positions.length - 1;
  return classes.flatMap((label) => {
    if (label === a || label === b) return [];
    let best = 0;
    for (let row = 1; row <= last; row++) if (focus.probabilities[row * step + label] > focus.probabilities[best * step + label]) best = row;
    const value = focus.probabilities[best * step + label];
    if (value < WORTH || best === last) return [];
    const [left, , right] = plot.frame;
    const x = Math.min(right - 8, Math.max(left + 8, plot.x.to(focus.positions[best])));
    return [draw("text", { x, y: plot.y.to(value) - 5, "text-anchor": "middle", fill: "var(--muted)", class: "name" }, String(label))];
  });
}

function spread(names: Name[], top: number, bottom: number): void {
  for (let i = 1; i < names.length; i++) names[i].y = Math.max(names[i].y, names[i - 1].y + LINE);
  let limit = bottom;
  for (let i = names.length - 1; i >= 0; i--) {
    names[i].y = Math.max(top, Math.min(names[i].y, limit));
    limit = names[i].y - LINE;
  }
}
