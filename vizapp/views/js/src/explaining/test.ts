/** Does the picture find the ink that matters? Tested only while somebody wants to know, when the pen rests. */

import { h } from "../dom";
import type { Hub } from "../hub";
import { say, shown } from "../inspector/part";
import type { Sheet } from "../numbers";
import { Question } from "../question";
import { Chart } from "./chart";
import type { DeletionMessage } from "./messages";
import { Numbers } from "./numbers";
import type { Part, Shown } from "./part";

const REST_MS = 300;
const TESTED = ["lrp", "gradient", "integrated", "occlusion"];

export class Test implements Part {
  readonly root: HTMLElement;
  private readonly details: HTMLDetailsElement;
  private readonly chart = new Chart();
  private readonly verdict = h("p", { class: "verdict" });
  private readonly numbers: Numbers;
  private readonly body: HTMLElement;
  private readonly question: Question<null>;
  private given: Shown | null = null;
  /** The picture that is tested, or was asked to be. */
  private about = 0;
  private asked = 0;
  private timer = 0;

  constructor(hub: Hub) {
    this.question = new Question(hub, (_, seq) => {
      this.asked = this.about;
      return { type: "deletion", seq };
    });
    this.numbers = new Numbers(hub, "Table of the curves");
    this.body = h("div", { hidden: true }, this.verdict, this.chart.root, this.numbers.root);
    const words = "The ink is removed pixel by pixel, that which speaks most for the first class first; then 20 times in random order. The sooner the difference of the two logits falls, the better.";
    this.details = h("details", {}, h("summary", {}, "Test it: deletion curve"), h("p", { class: "muted" }, words), this.body);
    this.details.addEventListener("toggle", () => this.later(0));
    this.root = h("section", { class: "test" }, this.details);
    hub.on("deletion", (message) => this.take(message));
  }

  show(given: Shown | null): void {
    this.given = given;
    const tested = !!given?.marks && TESTED.includes(given.message.method);
    if (!shown(this.root, tested) || !given) return;
    this.body.classList.toggle("stale", this.about !== given.message.ack);
    if (this.about !== given.message.ack) this.later(REST_MS);
  }

  private later(delay: number): void {
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.pump(), delay);
  }

  private pump(): void {
    const { given } = this;
    if (!this.details.open || this.root.hidden || !given || given.stale || this.about === given.message.ack) return;
    this.about = given.message.ack;
    this.question.ask(null);
  }

  private take(message: DeletionMessage): void {
    this.question.answered();
    const now = this.given?.message;
    if (!now || message.method !== now.method || message.network !== now.network || message.classes.join() !== now.classes.join()) return;
    shown(this.body, true);
    this.body.classList.toggle("stale", this.asked !== now.ack);
    say(this.verdict, message.verdict);
    this.chart.show(message);
    this.numbers.offer(() => sheetOf(message));
  }
}

function sheetOf({ removed, curve, mean, spread, classes }: DeletionMessage): Sheet {
  return {
    caption: `Logit of ${classes[0]} less that of ${classes[1]} as ink is removed`,
    corner: "pixels removed",
    columns: ["by this picture", "random, mean", "standard deviation"],
    rows: Array.from(removed, (count, i) => ({ head: String(count), cells: [curve[i], mean[i], spread[i]] })),
  };
}
