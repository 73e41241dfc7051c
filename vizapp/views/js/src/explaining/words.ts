/** What a picture is and is not, and how its pixels add up. */

import { h, number } from "../dom";
import { say, shown } from "../inspector/part";
import type { About } from "./messages";
import type { Part, Shown } from "./part";

export class Words implements Part {
  readonly root: HTMLElement;
  private readonly texts: AboutWords = aboutWords();

  constructor() {
    this.root = h("section", { class: "words" }, this.texts.root);
  }

  show(given: Shown | null): void {
    if (shown(this.root, given !== null) && given) this.texts.show(given.message.about);
  }
}

interface AboutWords {
  root: HTMLElement;
  show(about: About): void;
}

/** Also for the inspector. */
export function aboutWords(): AboutWords {
  const [what, not, source] = [h("p"), h("p"), h("p", { class: "muted" })];
  const show = (about: About): void => {
    say(what, about.what);
    say(not, about.what_not);
    say(source, about.source);
  };
  return { root: h("div", { class: "what" }, what, not, source), show };
}

export class Sums implements Part {
  readonly root: HTMLElement;
  private readonly rows: Record<"plus" | "minus" | "residual" | "base" | "difference", Row>;

  constructor() {
    this.rows = { plus: row("plus"), minus: row("minus"), residual: row("residual"), base: row("base"), difference: row("difference") };
    const table = h("table", { class: "sums num", "aria-label": "How the pixels add up" }, h("tbody", {}, ...Object.values(this.rows).map(({ root }) => root)));
    this.root = h("section", {}, h("h3", {}, "How it adds up"), table);
  }

  show(given: Shown | null): void {
    const sums = given?.message.sums;
    if (!shown(this.root, !!sums) || !sums || !given) return;
    const { classes, logits, about } = given.message;
    const [first, second] = classes;
    const { plus, minus, residual, base, difference } = this.rows;
    plus.show(`Pixels that speak for ${first}`, sums.plus);
    minus.show(`Pixels that speak for ${second}`, sums.minus);
    residual.show(`Residual: ${about.rest}`, sums.residual);
    base.show("There already on an empty sheet", sums.base);
    shown(base.root, given.message.method === "integrated");
    difference.show(`Logit of ${first} less that of ${second}: ${number(logits[0])} − ${number(logits[1]).replace(/^−(.*)/, "(−$1)")}`, sums.difference, false);
  }
}

interface Row {
  root: HTMLElement;
  show(name: string, value: number, signed?: boolean): void;
}

function row(name: string): Row {
  const [head, cell] = [h("th", { scope: "row" }), h("td", { "data-sum": name })];
  const show = (text: string, value: number, signed = true): void => {
    say(head, text);
    say(cell, `${signed && value > 0 ? "+" : ""}${number(value)}`);
  };
  return { root: h("tr", { class: name }, head, cell), show };
}
