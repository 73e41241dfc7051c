/** How sure the answer is, in three numbers that do not mean the same: margin, entropy, calibrated probability. */

import { h, number } from "../dom";
import { say } from "../inspector/part";
import { Gauge, type Tick } from "./gauge";
import type { Scores } from "./messages";

/** Margins of the shipped networks lie below; a larger one is a full bar. */
const MOST_MARGIN = 8;
/** log₂ 10: all ten classes alike. */
const MOST_BITS = Math.log2(10);

/** A number with its name, its scale and what it means, in a line each. */
class Row {
  readonly root: HTMLElement;
  readonly gauge: Gauge;
  private readonly value = h("span", { class: "value num" });
  private readonly words = h("p", { class: "words muted num" });

  constructor(name: string, ticks: Tick[], key: string) {
    this.gauge = new Gauge(ticks);
    this.value.dataset.testid = `hesitation-${key}`;
    this.root = h("section", {}, h("div", { class: "line" }, h("h3", {}, name), this.value), this.gauge.root, this.words);
  }

  show(value: string, words: string, at: number, mark: number): void {
    say(this.value, value);
    say(this.words, words);
    this.gauge.set(at, mark);
  }
}

export class Sureness {
  readonly root: HTMLElement;
  private readonly margin = new Row("Margin", scale(MOST_MARGIN, [0, 2, 4, 6, 8]), "margin");
  private readonly entropy = new Row("Entropy", scale(MOST_BITS, [0, 1, 2, 3]), "entropy");
  private readonly calibrated = new Row("Calibrated probability", scale(100, [0, 25, 50, 75, 100]), "calibrated");

  /** more: what goes with the probability. */
  constructor(more: HTMLElement) {
    this.calibrated.root.append(more);
    this.root = h("div", {}, this.margin.root, this.entropy.root, this.calibrated.root);
  }

  show(scores: Scores): void {
    const { first, second, margin, usual_margin, entropy, usual_entropy, probability, calibrated, temperature } = scores;
    this.margin.show(
      number(margin),
      `Logit of ${first} minus logit of ${second}; usual: ${usual_margin.toFixed(2)}.`,
      margin / MOST_MARGIN,
      usual_margin / MOST_MARGIN,
    );
    this.entropy.show(
      `${number(entropy)} bit`,
      `1 bit: as open as a coin toss; usual: ${usual_entropy.toFixed(2)}.`,
      entropy / MOST_BITS,
      usual_entropy / MOST_BITS,
    );
    this.calibrated.show(
      `${first}: ${share(calibrated)}`,
      `So many of such answers are right, at T = ${temperature.toFixed(3)}. The line: ${share(probability)}, the network's own.`,
      calibrated,
      probability,
    );
  }
}

function share(p: number): string {
  return `${(100 * p).toFixed(1)} %`;
}

function scale(most: number, values: number[]): Tick[] {
  return values.map((value) => ({ at: value / most, text: `${value}${most === 100 ? " %" : ""}` }));
}
