/** What the charts of nodes share: when they ask, what they ignore, and how they are laid out. */

import { h } from "../../dom";
import type { Events, Hub } from "../../hub";
import type { SideChart } from "../chart";
import type { Sheet } from "../sheet";
import { axisTitle, isRange, placeWords } from "../words";
import type { NodesMessage } from "./messages";
import { Numbers } from "./numbers";

export const ORIGIN = "timeline";

export abstract class NodesChart implements SideChart {
  readonly element: HTMLElement;
  protected on = false;
  readonly tools = h("div", { class: "nodes-tools" });
  /** What is drawn; the table stands in its place. */
  protected readonly stage = h("div", { class: "stage" });
  /** What is pointed at, in words. */
  protected readonly said = h("p", { class: "said num" });
  /** Under the chart: what is said, and controls of how it is drawn. */
  protected readonly foot = h("div", { class: "foot" }, this.said);
  protected readonly numbers: Numbers;
  private way = "";

  constructor(
    protected readonly sheet: Sheet,
    protected readonly hub: Hub,
    name: string,
  ) {
    this.numbers = new Numbers(hub, name, this.stage);
    this.element = h("div", { class: `nodes-chart ${name.replaceAll(" ", "-")}`, role: "group", "aria-label": capital(name) }, this.stage, this.numbers.root, this.foot);
    sheet.on("head", () => this.changed());
    sheet.on("cursor", ({ way }) => {
      if (way !== this.way) this.changed();
      if (this.on) this.moved();
    });
    hub.on("network", () => this.changed());
    hub.on("theme", () => this.on && this.draw());
  }

  shown(on: boolean): void {
    this.on = on;
    if (on) this.changed();
  }

  /** Something else is to be shown: ask for it. Called only while the chart is in sight and a sweep is there. */
  protected abstract ask(): void;
  /** Draw what is known. */
  protected abstract draw(): void;
  /** The cursor has moved. */
  protected moved(): void {}

  protected changed(): void {
    this.way = this.sheet.cursor.way;
    if (this.on && this.sheet.head?.kind && !this.sheet.head.problem && this.hub.network) this.ask();
  }

  /** Of an answer that has come: whether it is to be shown. */
  protected current(message: NodesMessage): boolean {
    // Asked before the server knew of another way, it is asked again when the server tells of it.
    if (this.on) this.way = message.way;
    return this.on && this.fits(message);
  }

  /** Whether it is about what is on the page now. */
  protected fits(message: NodesMessage): boolean {
    return message.network === this.hub.network?.name && message.sweep === this.sheet.head?.kind;
  }

  protected hear<K extends NodesMessage["type"]>(type: K, take: (message: Events[K]) => void): void {
    this.hub.on(type, take);
  }

  /** "t = 0.42", "12°". */
  protected at(position: number): string {
    const { head } = this.sheet;
    return head ? `${isRange(head) ? "" : "t = "}${placeWords(head, position)}` : "";
  }

  protected get axisTitle(): string {
    return axisTitle(this.sheet.head!);
  }
}

export function choice<T extends string>(name: string, options: [T, string][], pick: (value: T) => void): HTMLSelectElement {
  return h("select", { "aria-label": name, title: name, onchange: (event) => pick((event.target as HTMLSelectElement).value as T) }, ...options.map(([value, text]) => h("option", { value }, text)));
}

export function capital(text: string): string {
  return text[0].toUpperCase() + text.slice(1);
}

export function pick(hub: Hub, nodes: ArrayLike<number>, mode: "replace" | "add" | "toggle"): void {
  hub.send({ type: "pick", nodes: Uint32Array.from(nodes), mode, origin: ORIGIN });
}
