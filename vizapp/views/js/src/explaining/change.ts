/** The smallest change in numbers, and the changed drawing to be drawn on. */

import { h, number, percent } from "../dom";
import type { Hub } from "../hub";
import { sequential } from "../inspector/colours";
import { say, shown } from "../inspector/part";
import { Picture } from "../inspector/picture";
import { lockable } from "../locks";
import { SIDE } from "./marks";
import type { Part, Shown } from "./part";

const CELL = 3;

export class Change implements Part {
  readonly root: HTMLElement;
  private readonly sentence = h("p");
  private readonly pictures = { before: new Picture(), after: new Picture() };
  private readonly captions = { before: h("figcaption", { class: "num" }), after: h("figcaption", { class: "num" }) };
  private readonly numbers = h("p", { class: "num muted" });
  private readonly button: HTMLButtonElement;
  private ack = 0;

  constructor(private readonly hub: Hub) {
    const figure = (which: "before" | "after"): HTMLElement => h("figure", {}, this.pictures[which].root, this.captions[which]);
    this.button = h("button", { type: "button", onclick: () => hub.inOrder({ type: "flip_edit", seq: this.ack }) }, "Edit this as a drawing");
    const pair = h("div", { class: "pair" }, figure("before"), h("span", { class: "sign", "aria-hidden": "true" }, "→"), figure("after"));
    this.root = h("section", { class: "change" }, h("h3", {}, "The change"), this.sentence, pair, this.numbers, lockable(hub, ["drawing", "normalise"], this.button));
  }

  show(given: Shown | null): void {
    const flip = given?.message.flip;
    if (!shown(this.root, !!flip) || !flip || !given) return;
    const { ack, ink } = given.message;
    this.ack = ack;
    this.button.disabled = given.stale;
    say(this.sentence, `With ${amount(flip.added)} of ink added and ${amount(flip.erased)} erased, of ${flip.ink.toFixed(1)} full pixels that are drawn, the answer is ${flip.rival}.`);
    const size = `Size ${number(flip.size)} (the root of the squares' sum; 1 is one pixel from empty to full), at most ${number(flip.largest)} in a pixel.`;
    say(this.numbers, `${size} The ${flip.rival} then leads by ${number(flip.lead)} logits: just enough, so that rounding does not undo it.`);
    const ramp = sequential(this.hub, 1);
    const after = Float32Array.from(flip.image, (level) => level / 255);
    this.paint("before", ink, ramp, `${flip.answer}: ${percent(flip.before[0]).trim()}, ${flip.rival}: ${percent(flip.before[1]).trim()}`);
    this.paint("after", after, ramp, `${flip.answer}: ${percent(flip.after[0]).trim()}, ${flip.rival}: ${percent(flip.after[1]).trim()}`);
  }

  private paint(which: "before" | "after", ink: Float32Array, ramp: ReturnType<typeof sequential>, caption: string): void {
    const picture = this.pictures[which];
    picture.tile(1, SIDE, SIDE);
    picture.fit(CELL);
    picture.paint(ink, ramp);
    picture.describe(which === "before" ? "What the network sees" : "The changed drawing");
    say(this.captions[which], caption);
  }
}

function amount(pixels: number): string {
  return pixels < 0.005 ? "next to nothing" : pixels.toFixed(2);
}
