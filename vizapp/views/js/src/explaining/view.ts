/** The picture enlarged, with its legend, and the number under the pointer. */

import { h, number } from "../dom";
import type { Hub } from "../hub";
import { say, shown } from "../inspector/part";
import { Picture } from "../inspector/picture";
import { Legend } from "./legend";
import { SIDE, valueWords } from "./marks";
import { titleOf } from "./overlay";
import type { ExplanationMessage } from "./messages";
import type { Part, Shown } from "./part";

const LARGEST_CELL = 12;
const ORIGIN = "explaining";

export class View implements Part {
  readonly root: HTMLElement;
  private readonly name = h("h3");
  private readonly nothing = h("p", { class: "nothing" });
  private readonly beside = h("p", { class: "muted" });
  private readonly picture = new Picture();
  private readonly legend = new Legend();
  private readonly line = h("p", { class: "at num muted" });
  private readonly body: HTMLElement;
  private shown: Shown | null = null;
  private pointed: number | null = null;

  constructor(private readonly hub: Hub) {
    this.picture.onPoint = (index) => this.point(index);
    this.body = h("div", { class: "body" }, this.picture.root, this.legend.root, this.line);
    this.root = h("section", { class: "view" }, this.name, this.nothing, this.beside, this.body);
  }

  show(given: Shown | null): void {
    this.shown = given;
    if (!shown(this.root, given !== null) || !given) return;
    const { message, marks, stale, width } = given;
    say(this.name, titleOf(message, stale));
    say(this.nothing, message.nothing ?? "");
    shown(this.nothing, message.nothing !== null);
    say(this.beside, besideOf(message));
    shown(this.beside, marks !== null && this.beside.textContent !== "");
    this.root.classList.toggle("stale", stale);
    if (!shown(this.body, marks !== null && width > 0) || !marks || !message.values) return;
    const { picture } = this;
    picture.tile(1, SIDE, SIDE);
    const cell = Math.max(4, Math.min(LARGEST_CELL, Math.floor(width / SIDE)));
    picture.fit(cell);
    this.body.style.width = `${cell * SIDE}px`;
    picture.paint(message.values, marks.ramp);
    picture.draw("ink", marks.outline);
    picture.draw("plus", marks.signs.plus);
    picture.draw("minus", marks.signs.minus);
    const most = number(Number(marks.ramp.scale));
    picture.describe(`${titleOf(message, stale)}, 28 by 28 pixels from −${most}, ${marks.low}, to +${most}, ${marks.high}; the ink is outlined`);
    this.legend.show(marks);
    this.tell();
  }

  /** The pixel's node is pointed at in all panes. */
  private point(index: number | null): void {
    this.pointed = index;
    this.picture.mark("focus", index === null ? [] : [index]);
    this.tell();
    const input = this.hub.network?.layers[0];
    if (!input) return;
    const cols = input.shape[2];
    const pad = (cols - SIDE) / 2;
    const node = index === null ? null : input.offset + (Math.floor(index / SIDE) + pad) * cols + (index % SIDE) + pad;
    this.hub.setFocus(node, ORIGIN);
  }

  private tell(): void {
    const { pointed } = this;
    const message = this.shown?.message;
    if (!message?.values) return;
    const most = pointed ?? strongest(message.values);
    const place = `row ${Math.floor(most / SIDE)}, column ${most % SIDE}`;
    say(this.line, `${pointed === null ? "Strongest: " : ""}${place}: ink ${number(message.ink[most])}, ${valueWords(message, message.values[most])}`);
  }
}

/** Where the picture is not that of the ink on the pad. */
function besideOf({ frame, varied }: ExplanationMessage): string {
  if (!frame) return "What the network sees is not where the drawing is: the picture is not laid over the pad, it stands here.";
  return varied ? `Of the drawing as the network sees it, ${varied}: on the pad what you drew shines through.` : "";
}

function strongest(values: Float32Array): number {
  let found = 0;
  values.forEach((value, i) => (found = Math.abs(value) > Math.abs(values[found]) ? i : found));
  return found;
}
