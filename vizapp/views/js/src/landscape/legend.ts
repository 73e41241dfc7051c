/** What the colours of the map mean, with numbers; and which class is picked out. */

import { h, isDark } from "../dom";
import type { LandscapeMessage } from "./messages";

const MEANING: Record<string, string> = {
  class: "Colour: what the image is",
  entropy: "Colour: entropy in bits; 1 is torn between two",
  margin: "Colour: margin of the two best logits; 0 is torn",
  error: "Colour: whether the network is right",
};
const TICKS: Record<string, string[]> = {
  entropy: ["0", "0.5", "1", "1.5", "2 or more"],
  margin: ["0", "1.5", "3", "4.5", "6 or more"],
};

export class Legend {
  readonly root: HTMLElement;
  private readonly meaning = h("p", { class: "muted" });
  private readonly key = h("div", { class: "key" });
  private readonly classes: HTMLButtonElement[];
  private of: number | null = null;

  /** `onpick`: only this class is to be coloured, or all. */
  constructor(private readonly onpick: (of: number | null) => void) {
    this.classes = Array.from({ length: 10 }, (_, digit) =>
      h(
        "button",
        { type: "button", title: `Only the ${digit}s in colour`, "aria-label": `Only the ${digit}s in colour`, "aria-pressed": "false", onclick: () => this.pick(digit) },
        h("i", { "aria-hidden": "true" }),
        h("span", { class: "num" }, String(digit)),
      ),
    );
    const row = h("div", { class: "classes", role: "group", "aria-label": "Classes" }, ...this.classes);
    this.root = h("div", { class: "legend" }, this.meaning, this.key, row);
  }

  show(map: LandscapeMessage, colour: string): void {
    const colours = map.colours[colour][isDark() ? "dark" : "light"];
    this.meaning.textContent = MEANING[colour];
    this.key.replaceChildren(...keyOf(map, colour, colours));
    this.classes.forEach((button, digit) => {
      (button.firstElementChild as HTMLElement).style.background = colour === "class" ? colours[digit] : "";
    });
  }

  private pick(digit: number): void {
    this.of = this.of === digit ? null : digit;
    this.classes.forEach((button, i) => button.setAttribute("aria-pressed", String(i === this.of)));
    this.onpick(this.of);
  }
}

function keyOf(map: LandscapeMessage, colour: string, colours: string[]): HTMLElement[] {
  if (colour === "class") return [];
  if (colour === "error") {
    const right = (map.count - map.errors).toLocaleString("en");
    return [
      h("span", { class: "dot" }, swatch(colours[0]), `right, ${right}`),
      h("span", { class: "dot" }, swatch(colours[1]), `wrong, ${map.errors}, the larger dots`),
    ];
  }
  const bar = h("span", { class: "bar", "aria-hidden": "true" });
  bar.style.background = `linear-gradient(90deg, ${colours.join()})`;
  return [bar, h("span", { class: "ticks num" }, ...TICKS[colour].map((tick) => h("span", {}, tick)))];
}

function swatch(colour: string): HTMLElement {
  const made = h("i", { "aria-hidden": "true" });
  made.style.background = colour;
  return made;
}
