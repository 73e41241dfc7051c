/** Formulas in MathML, which browsers typeset by themselves, with numbers that change in place. */

import { number } from "../dom";
import { say } from "./part";

const NS = "http://www.w3.org/1998/Math/MathML";

export type Piece = Element | string;

export function math(tag: string, ...children: Piece[]): Element {
  const element = document.createElementNS(NS, tag);
  element.append(...children);
  return element;
}

export const mi = (name: string): Element => math("mi", name);
export const mo = (sign: string): Element => math("mo", sign);
export const row = (...pieces: Piece[]): Element => math("mrow", ...pieces);
export const sub = (name: string, index: Piece): Element =>
  math("msub", mi(name), typeof index === "string" ? mi(index) : index);
export const fraction = (above: Element, below: Element): Element => large(math("mfrac", above, below));

/** As in a formula that stands by itself: limits above and below their sign. */
export function large(element: Element): Element {
  element.setAttribute("displaystyle", "true");
  return element;
}

/** A number in a formula. */
export class Value {
  readonly element = math("mn");

  /** `name` is what tests, and whoever looks behind the page, know it by. */
  constructor(name: string) {
    this.element.setAttribute("data-number", name);
  }

  set(value: number): void {
    say(this.element, number(value));
  }
}

/** A number that is added: its sign is the plus or minus before it. */
export class Summand {
  readonly sign = mo("+");
  private readonly size = math("mn");
  readonly element: Element;

  constructor(name: string) {
    // Between two numbers, though it is the first in its row.
    this.sign.setAttribute("form", "infix");
    this.element = row(this.sign, this.size);
    this.element.setAttribute("data-number", name);
  }

  set(value: number): void {
    say(this.sign, value < 0 ? "−" : "+");
    say(this.size, number(Math.abs(value)));
  }
}

/** Lines of equations, one under the other, set at their first equals sign. */
export function equations(...lines: [left: Piece[], right: Piece[]][]): Element {
  const table = math(
    "mtable",
    ...lines.map(([left, right]) =>
      math("mtr", math("mtd", row(...left)), math("mtd", mo("=")), math("mtd", row(...right))),
    ),
  );
  const element = math("math", table);
  element.setAttribute("display", "block");
  return element;
}
