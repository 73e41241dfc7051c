/** The weighted sum, term by term. */

import type { Hub } from "../hub";
import { nodeName } from "../network";
import { number } from "../dom";
import type { InspectionMessage, Term } from "./messages";
import { type Part, type Pane, section, shown } from "./part";
import { Waterfall } from "./waterfall";

const MOST = 12;

export class Terms implements Part {
  readonly root: HTMLElement;
  private readonly waterfall: Waterfall;
  private readonly hub: Hub;
  private node = -1;

  constructor({ hub }: Pane) {
    this.hub = hub;
    this.waterfall = new Waterfall(hub, "The largest terms of the sum");
    this.root = section("The sum, term by term: weight × input", this.waterfall.root);
  }

  show(message: InspectionMessage): void {
    const { network } = this.hub;
    if (!shown(this.root, message.bias !== null) || !network) return;
    const { terms, rest } = this.kept(message);
    this.waterfall.show({
      most: Math.min(MOST, message.sources.length),
      steps: terms.map(({ source, input, weight, product }) => ({
        source,
        name: nodeName(network, source),
        detail: `${number(weight)} × ${number(input)}`,
        value: product,
      })),
      rest,
      bias: message.bias ?? 0,
      bias_name: "bias b",
      total: message.pre,
      total_name: "sum z",
    });
  }

  point(node: number | null): void {
    this.waterfall.point(node);
  }

  /** Under a resting pointer the same terms stay in their places, and only their numbers change. */
  private kept({ node, terms, rest, sources, inputs, weights }: InspectionMessage): Pick<InspectionMessage, "terms" | "rest"> {
    const held = node === this.node ? this.waterfall.held : null;
    this.node = node;
    const places = held?.map((source) => sources.indexOf(source)) ?? [];
    if (!places.length || places.includes(-1)) return { terms, rest };
    const all = terms.reduce((sum, { product }) => sum + product, rest.sum);
    const stay = places.map(
      (i): Term => ({ source: sources[i], input: inputs[i], weight: weights[i], product: inputs[i] * weights[i] }),
    );
    const sum = stay.reduce((left, { product }) => left - product, all);
    return { terms: stay, rest: { count: sources.length - stay.length, sum } };
  }
}
