/** The part of the drawing that a node sees, by deconvolution; asked for only while somebody wants to see it. */

import { h, number } from "../dom";
import { aboutWords } from "../explaining/words";
import type { DeconvolutionMessage } from "../explaining/messages";
import type { Hub } from "../hub";
import { Question } from "../question";
import { diverging } from "./colours";
import { contour } from "./contour";
import { SIDE } from "./drawn";
import type { InspectionMessage } from "./messages";
import { type Pane, type Part, say, shown } from "./part";
import { Picture } from "./picture";
import { Scale } from "./scale";
import { Table } from "./table";

const LARGEST_CELL = 8;

export class Sees implements Part {
  readonly root: HTMLElement;
  private readonly details: HTMLDetailsElement;
  private readonly nothing = h("p", { class: "muted" });
  private readonly picture = new Picture();
  private readonly scale = new Scale();
  private readonly words = aboutWords();
  private readonly body: HTMLElement;
  private readonly line = h("p", { class: "at num muted" });
  private readonly table: Table;
  private readonly button: HTMLElement;
  private readonly question: Question<number>;
  private readonly hub: Hub;
  private node: number | null = null;
  private message: DeconvolutionMessage | null = null;

  constructor(private readonly pane: Pane) {
    const { hub } = pane;
    this.hub = hub;
    this.question = new Question(hub, (node, seq) => ({ type: "deconvolve", seq, node }));
    this.table = new Table(hub, "What the node sees of the drawing");
    this.picture.onPoint = (index) => this.tell(index);
    // The pad has it for the selected node.
    this.button = h("button", { type: "button", onclick: () => hub.send({ type: "set", name: "pad_shows", value: "deconvolution" }) }, "Show it on the pad");
    this.body = h("div", {}, h("div", { class: "pictures" }, this.picture.root, this.scale.root, this.line), this.table.root, this.words.root, this.button);
    this.details = h("details", {}, h("summary", {}, "What it sees of the drawing (deconvolution)"), this.nothing, this.body);
    this.details.addEventListener("toggle", () => this.ask());
    this.root = h("section", {}, this.details);
    shown(this.body, false);
    hub.on("deconvolution", (message) => this.take(message));
    hub.on("settings", () => this.offerPad());
  }

  /** Every new answer of the network comes by here. */
  show({ node }: InspectionMessage): void {
    if (node !== this.node) {
      this.node = node;
      this.message = null;
      shown(this.body, false);
      say(this.nothing, "");
    } else if (this.message) {
      this.paint(this.message);
    }
    this.ask();
  }

  private ask(): void {
    if (this.details.open && this.node !== null) this.question.ask(this.node);
  }

  private take(message: DeconvolutionMessage): void {
    this.question.answered();
    if (message.node !== this.node || message.network !== this.hub.network?.name || !this.details.open) return;
    this.message = message;
    this.paint(message);
  }

  private paint(message: DeconvolutionMessage): void {
    const { values, nothing, about, ink, node } = message;
    say(this.nothing, nothing ?? "");
    shown(this.nothing, nothing !== null);
    if (!shown(this.body, values !== null) || !values) return;
    const { picture } = this;
    const ramp = diverging(this.hub, values);
    picture.tile(1, SIDE, SIDE);
    picture.fit(Math.max(4, Math.min(LARGEST_CELL, Math.floor(this.pane.width / SIDE))));
    picture.paint(values, ramp);
    picture.draw("ink", contour(ink));
    picture.describe(`What the node sees of the drawing, from −${number(Number(ramp.scale))}, no ink, to +${number(Number(ramp.scale))}, ink; the drawing is outlined`);
    this.scale.show(ramp);
    this.words.show(about);
    this.offerPad();
    this.tell(null);
    if (this.pane.tables) this.table.offer(node, () => content(values));
  }

  private offerPad(): void {
    const { selection, settings } = this.hub;
    shown(this.button, selection[0] === this.node && settings?.pad_shows !== "deconvolution");
  }

  private tell(index: number | null): void {
    const values = this.message?.values;
    if (!values) return;
    const at = index === null ? "Teal: it wants no ink there; orange: ink" : `row ${Math.floor(index / SIDE)}, column ${index % SIDE}: ${number(values[index])}`;
    say(this.line, at);
  }
}

function content(values: Float32Array): { columns: string[]; rows: { node: null; cells: string[] }[] } {
  return {
    columns: ["pixels", ...Array.from({ length: SIDE }, (_, column) => String(column))],
    rows: Array.from({ length: SIDE }, (_, row) => ({
      node: null,
      cells: [`row ${row}`, ...Array.from(values.subarray(row * SIDE, (row + 1) * SIDE), number)],
    })),
  };
}
