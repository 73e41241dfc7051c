/** The classes that cannot be ruled out, at a level that is chosen here, and how such sets have done. */

import { h } from "../dom";
import type { Hub } from "../hub";
import { say } from "../inspector/part";
import { lockable } from "../locks";
import { radios } from "../radios";
import type { Scores } from "./messages";

const WARNING = "Drawings are not drawn from MNIST: for them nothing is promised.";

export class PredictionSet {
  readonly root: HTMLElement;
  private readonly value = h("span", { class: "value num", "data-testid": "hesitation-set" });
  private readonly digits = Array.from({ length: 10 }, (_, digit) => h("span", {}, String(digit)));
  private readonly words = h("p", { class: "words muted num" });
  private readonly measured = h("p", { class: "measured muted num", "data-testid": "hesitation-coverage" });

  constructor(hub: Hub, levels: string[]) {
    const options = levels.map((value) => ({ value, label: value, title: `Sets that are to hold the true class of ${value} of images like the test images` }));
    const level = radios("Coverage of the prediction set", options, (value) => hub.send({ type: "set", name: "coverage", value }));
    const follow = (): void => level.set(hub.settings?.coverage ?? "");
    hub.on("settings", follow);
    follow();
    this.root = h(
      "section",
      { class: "prediction-set" },
      h("div", { class: "line" }, h("h3", {}, "Prediction set"), this.value),
      h("div", { class: "digits num", "aria-hidden": "true" }, ...this.digits),
      this.words,
      h("div", { class: "levels num" }, h("span", { class: "muted" }, "Level"), lockable(hub, ["coverage"], level.element)),
      this.measured,
      h("p", { class: "warning" }, WARNING),
    );
  }

  show({ members, forced, least, level }: Scores): void {
    say(this.value, `{${members.join(", ")}}`);
    this.digits.forEach((box, digit) => box.classList.toggle("in", members.includes(digit)));
    const bound = `${(100 * least).toFixed(1)} %`;
    const words = forced
      ? `No class has the ${bound} that this level asks for: the first guess is put in.`
      : `Classes of at least ${bound} of the network's own probability: they cannot be ruled out.`;
    say(this.words, words);
    const [coverage, low, high] = [level.coverage, level.low, level.high].map((share) => (100 * share).toFixed(2));
    const empty = `${level.forced} ${level.forced === 1 ? "set" : "sets"} would be empty and got the first guess`;
    say(
      this.measured,
      `On ${level.checked.toLocaleString("en")} other test images: ${coverage} % (95 % interval ${low} to ${high} %), ${level.mean_size.toFixed(2)} classes a set; ${empty}.`,
    );
  }
}
