/** What the curves say, in numbers: a row for each way and network; and whether the way leads through what is known. */

import { h } from "../dom";
import type { Hub } from "../hub";
import { csvOf, type Sheet as Table, tableOf } from "../numbers";
import { short } from "./axes";
import type { SideChart } from "./chart";
import type { CurveMessage } from "./messages";
import { Near } from "./near";
import { Probabilities } from "./probabilities";
import type { Sheet } from "./sheet";
import { crossingWords, intervalWords, isRange, listed, placeShort, whole } from "./words";

const TOLD_MS = 2000;

export function readoutsChart(sheet: Sheet, hub: Hub): SideChart {
  return new ReadoutsChart(sheet, hub);
}

class ReadoutsChart implements SideChart {
  readonly element = h("div", { class: "readouts" });
  private readonly sentence = h("p", { class: "sentence" });
  private readonly place = h("div", { class: "numbers-of", tabindex: 0, role: "region", "aria-label": "Read-outs of the curves" });
  private readonly about = h("p", { class: "muted about" });
  private readonly copy = h("button", { type: "button", onclick: () => void this.take() }, "Copy as CSV");
  private readonly near: Near;
  private readonly all: Probabilities;
  private on = false;
  private made = "";

  constructor(
    private readonly sheet: Sheet,
    private readonly hub: Hub,
  ) {
    this.near = new Near(sheet, hub);
    this.all = new Probabilities(sheet);
    this.element.append(this.sentence, this.place, this.near.element, this.about, this.all.element, this.copy);
    sheet.on("curves", () => this.show());
    sheet.on("head", () => this.show());
    sheet.on("cursor", () => {
      if (!this.on) return;
      this.near.show();
      this.all.show();
    });
  }

  shown(on: boolean): void {
    this.on = on;
    if (on) this.show();
  }

  private show(): void {
    if (!this.on) return;
    const { head } = this.sheet;
    const { curves, networks } = this;
    const known = head !== null && curves.length > 0;
    for (const part of [this.sentence, this.place, this.about, this.copy, this.near.element, this.all.element]) part.hidden = !known;
    if (!known) return;
    say(this.sentence, isRange(head) ? sentenceOfRange(head, curves) : crossingWords(head, curves, networks));
    const table = this.table(curves);
    const now = JSON.stringify(table);
    if (now !== this.made) {
      this.made = now;
      this.place.replaceChildren(tableOf(table));
    }
    say(this.about, aboutWords(curves[0]));
    this.near.show();
    this.all.show();
  }

  /**
   * Those of the network on the page first, the best way first. While an end is drawn one of them follows it: numbers of
   * the others are of another drawing, and only the plot shows that they are.
   */
  private get curves(): CurveMessage[] {
    const { head, shown: all } = this.sheet;
    const newest = Math.max(...all.map(({ turn }) => turn));
    const shown = all.filter(({ turn }) => turn === newest);
    const rank = ({ way, network }: CurveMessage): number => 100 * this.networks.indexOf(network) + (head?.ways.findIndex(({ name }) => name === way) ?? 0);
    return [...shown].sort((one, other) => rank(one) - rank(other));
  }

  private get networks(): string[] {
    const own = this.hub.network?.name ?? "";
    return [own, ...new Set(this.sheet.shown.map(({ network }) => network).filter((name) => name !== own))];
  }

  private table(curves: CurveMessage[]): Table {
    const head = this.sheet.head!;
    const several = this.networks.length > 1;
    const { a, b } = curves[0].readouts;
    const at = (position: number): string => placeShort(head, position);
    const range = isRange(head);
    return {
      caption: range ? "Along the range" : "Way by way",
      corner: several ? "way, network" : range ? "range" : "way",
      columns: [range ? "answer stays" : `${a} = ${b} at`, "hesitates", `steepest ${b}`, "flips", "third", "farthest"],
      rows: curves.map((curve) => {
        const { readouts, interval } = curve;
        const name = range ? head.axis.name : curve.label;
        const first = interval ? `${placeShort(head, interval.low)} to ${placeShort(head, interval.high)}` : readouts.crossings.map(at).join(", ") || "–";
        const third = readouts.intruders.map(({ label, probability, position }) => `${label}: ${whole(probability)} at ${at(position)}`).join("; ") || "–";
        const slope = readouts.steepest ? `${short(readouts.steepest.value, 1)} at ${at(readouts.steepest.position)}` : "–";
        const hesitates = range ? placeShort(head, readouts.hesitation.width) : short(readouts.hesitation.width);
        const far = farthest(curve);
        const from = far === null ? "–" : `${short(curve.nearest!.distance[far], 1)} at ${at(curve.positions[far])}`;
        return { head: several ? `${name}, ${curve.network}` : name, cells: [first, hesitates, slope, String(readouts.flips), third, from] };
      }),
    };
  }

  private async take(): Promise<void> {
    const { head } = this.sheet;
    const { curves } = this;
    if (!head) return;
    const step = (curve: CurveMessage): number => curve.probabilities.length / curve.positions.length;
    const rows = curves.flatMap((curve) =>
      [...curve.positions.keys()].map((row) => ({
        head: curve.way,
        cells: [curve.network, curve.positions[row], curve.answers[row], ...curve.probabilities.subarray(row * step(curve), (row + 1) * step(curve)), curve.margin[row], curve.entropy[row], ...(curve.nearest ? [curve.nearest.distance[row], curve.nearest.strangeness[row]] : ["", ""])],
      })),
    );
    const classes = curves.length ? Array.from({ length: step(curves[0]) }, (_, label) => `p(${label})`) : [];
    const columns = ["network", head.axis.unit ? `${head.axis.name} (${head.axis.unit})` : head.axis.name, "answer", ...classes, "margin", "entropy (bit)", "nearest distance", "strangeness (percentile)"];
    const text = csvOf([this.table(curves), { caption: "", corner: "way", columns, rows }]);
    let done = true;
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      done = fallback(text, this.element);
    }
    this.copy.textContent = done ? "Copied" : "Not allowed here";
    setTimeout(() => (this.copy.textContent = "Copy as CSV"), TOLD_MS);
  }
}

function sentenceOfRange(head: NonNullable<Sheet["head"]>, curves: CurveMessage[]): string {
  const parts = curves.flatMap(({ interval, network }) => (interval ? [`${curves.length > 1 ? `${network.toUpperCase()} ` : ""}${intervalWords(head, interval)}`] : []));
  const text = parts.join(". ");
  return text ? `${text[0].toUpperCase()}${text.slice(1)}.` : "";
}

function aboutWords({ readouts: { a, b, hesitation }, interval }: CurveMessage): string {
  const first = interval ? "Answer stays: around the drawing as it is" : `${a} = ${b}: both logits are equal there`;
  return listed([
    first,
    `hesitates: over this much of the axis the best guess has less than ${whole(hesitation.level)}`,
    `steepest: the largest change of the probability of ${b} per unit of the axis`,
    "flips: how often the answer becomes another",
    "third: other classes that reach more than 10 %",
    "farthest: the largest distance to the nearest test image, in the last hidden layer",
  ]).concat(".");
}

/** The row that is farthest from all test images; null until they were looked through. */
function farthest({ nearest }: CurveMessage): number | null {
  return nearest && nearest.distance.reduce((best, distance, row) => (distance > nearest.distance[best] ? row : best), 0);
}

/** Only pages that came over TLS, or from this machine, have a clipboard. */
function fallback(text: string, near: HTMLElement): boolean {
  const area = h("textarea", { style: "position: fixed; opacity: 0" });
  area.value = text;
  near.append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  return done;
}

function say(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}
