/** The calculation that a node performs, written out with the numbers of the moment. */

import { h, number } from "../dom";
import { Curve } from "./curve";
import { equations, fraction, large, math, mi, mo, type Piece, row, sub, Summand, Value } from "./math";
import type { InspectionMessage } from "./messages";
import { type Part, say, section, shown } from "./part";

/** A formula for one kind of node, and how its numbers get into it. */
interface Formula {
  element: Element;
  set(message: InspectionMessage): void;
}

export class Calculation implements Part {
  readonly root: HTMLElement;
  private readonly place = h("div", { class: "formula" });
  private readonly curve = new Curve();
  private readonly reference = h("p", { class: "reference num muted" });
  private kind = "";
  private formula: Formula | null = null;

  constructor() {
    const body = h("div", { class: "calculation" }, this.place, this.curve.root);
    this.root = section("What it calculates", body, this.reference);
  }

  show(message: InspectionMessage): void {
    const { kind, activation, sources, ink, node, logits } = message;
    const wanted = [kind, activation, sources.length, ink?.weights.length ?? 0, kind === "output" ? node : ""].join();
    if (wanted !== this.kind) {
      this.kind = wanted;
      this.formula = formulaOf(message, logits ? digitOf(message) : "");
      this.place.replaceChildren(this.formula.element);
    }
    this.formula!.set(message);
    this.curve.show(message);
    if (shown(this.reference, message.reference !== null)) say(this.reference, compared(message));
  }
}

function compared({ kind, pre, output, reference }: InspectionMessage): string {
  if (!reference) return "";
  const change = (to: number, from: number): string => `${to < from ? "−" : "+"}${number(Math.abs(to - from))}`;
  const summed = kind !== "input" && kind !== "pool";
  const told = (z: string, a: string): string => (summed ? `z ${z}, a ${a}` : `a ${a}`);
  const before = told(number(reference.pre), number(reference.output));
  return `Reference: ${before}. Now ${told(change(pre, reference.pre), change(output, reference.output))}.`;
}

/** The class that an output stands for, from its own logit's place. */
export function digitOf({ name }: InspectionMessage): string {
  return name.replace(/^\D*/, "");
}

function formulaOf(message: InspectionMessage, digit: string): Formula {
  switch (message.kind) {
    case "input":
      return inputs(message);
    case "pool":
      return pooled(message);
    default:
      return weighted(message, digit);
  }
}

/** z = Σ w·a + b, and what the activation function makes of it. */
function weighted(message: InspectionMessage, digit: string): Formula {
  const [sum, bias, pre] = [new Value("sum"), new Summand("bias"), new Value("pre")];
  const z = (): Element => (digit ? sub("z", math("mn", digit)) : mi("z"));
  const end = outcome(message.activation, digit, z);
  const element = equations(
    [[z()], [total(message.sources.length), sub("w", "i"), sub("a", "i"), mo("+"), mi("b")]],
    [[], [sum.element, bias.element]],
    [[], [pre.element]],
    ...end.lines,
  );
  return {
    element,
    set: (told) => {
      sum.set(told.terms.reduce((all, { product }) => all + product, told.rest.sum));
      bias.set(told.bias ?? 0);
      pre.set(told.pre);
      end.set(told);
    },
  };
}

function total(count: number): Element {
  return large(math("munderover", mo("∑"), row(mi("i"), mo("="), math("mn", "1")), math("mn", String(count))));
}

interface Outcome {
  lines: [Piece[], Piece[]][];
  set(message: InspectionMessage): void;
}

function outcome(activation: string, digit: string, z: () => Element): Outcome {
  const output = new Value("output");
  const plain = (...right: Piece[]): Outcome => ({
    lines: [
      [[mi("a")], right],
      [[], [output.element]],
    ],
    set: (told) => output.set(told.output),
  });
  const call = (name: string, ...inside: Piece[]): Element => row(mi(name), mo("("), ...inside, mo(")"));
  switch (activation) {
    case "relu":
      return plain(call("ReLU", z()), mo("="), call("max", math("mn", "0"), mo(","), z()));
    case "softmax": {
      const [own, all] = [new Value("exp"), new Value("exp-sum")];
      const power = (of: Element): Element => math("msup", mi("e"), of);
      const every = row(math("msub", mo("∑"), mi("k")), power(sub("z", "k")));
      return {
        lines: [
          [[sub("a", math("mn", digit))], [fraction(power(z()), every)]],
          [[], [fraction(own.element, all.element)]],
          [[], [output.element]],
        ],
        set: ({ pre, output: share, logits }) => {
          own.set(Math.exp(pre));
          all.set((logits ?? new Float32Array(0)).reduce((sum, other) => sum + Math.exp(other), 0));
          output.set(share);
        },
      };
    }
    case "tanh":
      return plain(call("tanh", z()));
    case "sigmoid":
      return plain(call("σ", z()));
    default:
      return plain(z());
  }
}

/** The largest of a few. */
function pooled(message: InspectionMessage): Formula {
  const values = Array.from(message.inputs, (_, i) => new Value(`input-${i}`));
  const output = new Value("output");
  const inside = values.flatMap(({ element }, i) => (i ? [mo(","), element] : [element]));
  return {
    element: equations([[mi("a")], [mi("max"), mo("("), ...inside, mo(")")]], [[], [output.element]]),
    set: ({ inputs: now, output: most }) => {
      values.forEach((value, i) => value.set(now[i]));
      output.set(most);
    },
  };
}

/** A pixel: the weighted mean of finer ones. */
function inputs({ ink }: InspectionMessage): Formula {
  const output = new Value("output");
  const count = ink?.weights.length;
  const mean = [total(count ?? 0), sub("w", "i"), sub("p", "i"), mo("=")];
  return {
    element: equations([[mi("a")], [...(count ? mean : []), output.element]]),
    set: (told) => output.set(told.output),
  };
}
