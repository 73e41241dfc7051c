/** The row above the curves: what is on the timeline, which ways and networks are drawn, and what plays it. */

import { h } from "../dom";
import type { Hub } from "../hub";
import { EndChoice, Ends } from "./ends";
import { idle } from "./idle";
import type { Play } from "./play";
import type { Sheet } from "./sheet";
import { Ways } from "./ways";
import { isRange } from "./words";

const TITLES: Record<string, string> = { morph: "Morph", hand: "By hand" };

export class Head {
  readonly element = h("div", { class: "head" });
  private readonly title = h("h2", {});
  private readonly hint = h("span", { class: "hint muted" });
  private readonly acts = h("span", { class: "acts" });
  private readonly overlay: HTMLInputElement;
  private readonly ends: Ends;
  private readonly ways: Ways;
  private readonly idle: HTMLElement;
  private readonly on: HTMLElement;

  constructor(
    private readonly hub: Hub,
    private readonly sheet: Sheet,
    play: Play,
    all: (on: boolean) => void,
  ) {
    const choice = new EndChoice(hub);
    this.ends = new Ends(hub, sheet, choice);
    this.ways = new Ways(hub, sheet);
    this.idle = idle(hub, choice);
    this.overlay = h("input", { type: "checkbox", role: "switch", onchange: () => hub.send({ type: "set", name: "overlay", value: this.overlay.checked }) });
    const ten = h("input", { type: "checkbox", role: "switch", onchange: () => all(ten.checked) });
    const close = h("button", { type: "button", class: "close", title: "End the sweep; the drawing stays", "aria-label": "End the sweep", onclick: () => hub.inOrder({ type: "sweep", kind: null }) }, "×");
    this.on = h(
      "div",
      { class: "on-sweep" },
      this.title,
      this.ends.element,
      this.ways.element,
      h(
        "div",
        { class: "second" },
        h("p", { class: "line" }, this.hint, this.acts),
        h("label", { class: "toggle", title: "The other network's answers to the same inputs, dashed" }, this.overlay, "Both networks"),
        h("label", { class: "toggle", title: "All ten classes, not only the two in question and those that come in between" }, ten, "All classes"),
        play.element,
        close,
      ),
    );
    this.element.append(this.idle, choice.dialog);
    sheet.on("head", () => this.show());
    sheet.on("cursor", () => this.say());
    sheet.on("curves", () => this.show());
  }

  private show(): void {
    const { head } = this.sheet;
    const content = head ? this.on : this.idle;
    if (!content.isConnected) {
      const inside = this.element.matches(":focus-within");
      this.element.firstElementChild!.replaceWith(content);
      if (inside) content.querySelector<HTMLElement>("button, summary")?.focus();
    }
    if (!head) return;
    const range = isRange(head);
    const title = range ? capital(head.axis.label) : TITLES[head.kind ?? ""];
    if (this.title.textContent !== title) this.title.textContent = title;
    this.ends.element.hidden = head.kind !== "morph";
    this.ways.element.hidden = head.kind !== "morph";
    this.overlay.checked = this.hub.settings?.overlay ?? false;
    this.ends.show();
    this.ways.show();
    this.say();
  }

  /** What drawing does now, and what else can be done with the drawing. */
  private say(): void {
    const { head, cursor } = this.sheet;
    if (!head) return;
    const { position } = cursor;
    const [words, acts] = head.kind === "morph" ? this.ofMorph(position) : head.kind === "hand" ? this.ofHand(position) : ["Draw to change what is varied: the curve follows.", []];
    if (this.hint.textContent !== words) this.hint.textContent = words;
    const names = acts.map(([name]) => name).join("\n");
    if (this.acts.dataset.names === names) return;
    this.acts.dataset.names = names;
    this.acts.replaceChildren(...acts.map(([name, act]) => h("button", { type: "button", onclick: act }, name)));
  }

  private ofMorph(position: number | null): [string, [string, () => void][]] {
    const put = (end: "start" | "end") => (): void => {
      this.hub.inOrder({ type: "sweep", kind: "morph", [end]: { source: "present" } });
      this.sheet.move(end === "start" ? 0 : 1);
    };
    if (position === null) {
      return [
        "The drawing has left the way.",
        [
          ["Use it as start", put("start")],
          ["Use it as end", put("end")],
          ["Back to the way", () => this.sheet.move(0)],
        ],
      ];
    }
    const locked = this.hub.settings?.locked ?? [];
    if (position === 0 && !locked.includes("start")) return ["At the start: draw, and the curve follows the pen.", []];
    if (position === 1 && !locked.includes("end")) return ["At the end: draw, and the curve follows the pen.", []];
    if (position === 0 || position === 1) return [`This ${position ? "end" : "start"} is locked: who draws here leaves the way.`, []];
    return ["Between the ends: who draws here leaves the way.", []];
  }

  private ofHand(position: number | null): [string, [string, () => void][]] {
    this.element.classList.toggle("recording", position === 1);
    if (position === 1) return ["● Recording: what you draw and erase is added to the way.", [["Stop recording", () => this.sheet.move(null)]]];
    const on: [string, () => void] = ["Go on recording", () => this.sheet.move(1)];
    if (position === null) return ["Recording has stopped; the way is kept. Click the curve to go along it.", [on]];
    return ["Draw here, and the way goes on from here instead.", [on]];
  }
}

function capital(text: string): string {
  return text[0].toUpperCase() + text.slice(1);
}
