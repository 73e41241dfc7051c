/** The four inputs of a pooling node, as they lie in the map below, with the winner marked. */

import { h, number } from "../dom";
import type { Hub } from "../hub";
import { nodeName } from "../network";
import { activation, colourOf, css } from "./colours";
import type { InspectionMessage } from "./messages";
import { label, type Pane, type Part, say, section, shown, standsFor } from "./part";

export class Pool implements Part {
  readonly root: HTMLElement;
  private readonly grid = h("div", { class: "pool" });
  private readonly words = h("p", { class: "muted" });
  private readonly cells: { button: HTMLButtonElement; swatch: HTMLElement; value: HTMLElement }[] = [];
  private readonly hub: Hub;
  private sources: ArrayLike<number> = [];

  constructor({ hub }: Pane) {
    this.hub = hub;
    this.root = section("The largest wins", this.words, this.grid);
  }

  show(message: InspectionMessage): void {
    const { kind, inputs, sources, shape, winner } = message;
    const { network } = this.hub;
    if (!shown(this.root, kind === "pool") || !network) return;
    this.sources = sources;
    this.grid.style.setProperty("--cols", String(shape[2]));
    while (this.cells.length < inputs.length) this.add();
    const ramp = activation(this.hub, [sources[0]], inputs);
    const scale = ramp.scale as number;
    this.cells.forEach(({ button, swatch, value }, i) => {
      if (!shown(button, i < inputs.length)) return;
      swatch.style.background = css(colourOf(ramp, inputs[i], scale));
      say(value, number(inputs[i]));
      button.classList.toggle("winner", i === winner);
      label(button, `${nodeName(network, sources[i])}: ${number(inputs[i])}${i === winner ? ", the largest" : ""}`);
    });
    const won = winner === null ? "" : nodeName(network, sources[winner]);
    const equal = inputs.every((input) => input === inputs[0]);
    say(this.words, equal ? "All are equal: the first one is handed on." : `${won} is handed on; the others are ignored.`);
  }

  point(node: number | null): void {
    this.cells.forEach(({ button }, i) => button.classList.toggle("pointed", node !== null && this.sources[i] === node));
  }

  private add(): void {
    const at = this.cells.length;
    const swatch = h("span", { class: "swatch" });
    const value = h("span", { class: "num", "data-number": `pool-${at}` });
    const button = h("button", { type: "button" }, swatch, value);
    standsFor(this.hub, button, () => this.sources[at] ?? null);
    this.cells.push({ button, swatch, value });
    this.grid.append(button);
  }
}
