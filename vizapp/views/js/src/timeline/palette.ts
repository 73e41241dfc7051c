/** How lines are told apart: classes by colour and name, ways by their marks, networks by dashes. */

import type { CurveMessage } from "./messages";
import { draw } from "./axes";

/** The two classes in question have the page's two hues, a third one is dark, what else there is grey. */
export function colourOf(label: number, pair: readonly [number, number] | null): string {
  return label === pair?.[0] ? "var(--first)" : label === pair?.[1] ? "var(--second)" : "var(--muted)";
}

export function pairOf(curve: CurveMessage | null): [number, number] | null {
  return curve && [curve.readouts.a, curve.readouts.b];
}

const DASHES = ["", "5 3", "1.5 3"];

/** Of the network on the page lines are solid. */
export function dashOf(network: string, own: string | undefined): string {
  return network === own ? DASHES[0] : DASHES[1];
}

const MARKS: Record<string, string> = {
  strokes: "M-3 0a3 3 0 1 0 6 0a3 3 0 1 0 -6 0z",
  transport: "M-2.6 -2.6h5.2v5.2h-5.2z",
  distance: "M0 -3.4L3.2 2.4H-3.2z",
  blend: "M0 -3.6L3.6 0L0 3.6L-3.6 0z",
};

/** The sign that the lines of a way carry; null where there is only one way. */
export function markOf(way: string): string | null {
  return MARKS[way] ?? null;
}

export function mark(way: string, x: number, y: number, colour: string): SVGElement {
  return draw("path", { d: markOf(way) ?? "", transform: `translate(${x.toFixed(1)} ${y.toFixed(1)})`, fill: colour, stroke: "var(--surface)", "stroke-width": 0.75 });
}
