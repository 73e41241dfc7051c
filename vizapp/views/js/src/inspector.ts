/** Everything about the primary node: its place, its inputs, its calculation, with the numbers of the moment. */

import type { Props } from "./bokeh";
import { h } from "./dom";
import { offerElement } from "./element-picture";
import { type Hub, hubOf } from "./hub";
import { Alike } from "./inspector/alike";
import { Calculation } from "./inspector/calculation";
import { Compare } from "./inspector/compare";
import { Exports } from "./inspector/exports";
import { Head } from "./inspector/head";
import { Incoming, Ink } from "./inspector/incoming";
import { Kernel } from "./inspector/kernel";
import { FeatureMap } from "./inspector/map";
import type { InspectionMessage } from "./inspector/messages";
import { Effect, Outgoing } from "./inspector/outgoing";
import { ORIGIN, type Pane, type Part, shown } from "./inspector/part";
import { Pool } from "./inspector/pool";
import { Sees } from "./inspector/sees";
import { Several } from "./inspector/several";
import { Rival, Softmax } from "./inspector/softmax";
import { Terms } from "./inspector/terms";
import { Question } from "./question";
import { untilPainted } from "./timing";

export function render({ view }: Props): HTMLElement {
  const hub = hubOf(view.model.document);
  const { root } = new Inspector(hub);
  offerElement(hub, "inspector", "Inspector", root);
  return root;
}

class Inspector {
  readonly root: HTMLElement;
  private readonly pane: Pane;
  private readonly several: Several;
  private readonly head: Head;
  private readonly exports: Exports;
  private readonly compare: Compare;
  private readonly parts: Part[];
  private readonly node = h("div", { class: "parts", hidden: true });
  private readonly empty: HTMLElement;
  private readonly question: Question<number>;
  private message: InspectionMessage | null = null;
  /** The node that the pointer was on last, while none is selected. */
  private preview: number | null = null;
  /** When the frame arrived whose numbers are asked for. */
  private frame = 0;
  private asked = 0;
  /** When the selection was picked that has not been shown yet. */
  private picked = 0;

  constructor(private readonly hub: Hub) {
    const pane: Pane = { hub, width: 0, tables: false, compare: null };
    this.pane = pane;
    this.several = new Several(pane);
    this.head = new Head(pane, () => this.toggle());
    this.exports = new Exports(pane);
    this.compare = new Compare(pane);
    this.parts = [
      this.head,
      new Calculation(),
      new Terms(pane),
      new Pool(pane),
      new Ink(pane),
      new Incoming(pane),
      new Softmax(pane),
      new Rival(pane),
      new FeatureMap(pane),
      new Kernel(pane),
      new Outgoing(pane),
      new Effect(pane),
      new Sees(pane),
      new Alike(pane),
      this.exports,
    ];
    this.node.append(...this.parts.map(({ root }) => root));
    this.empty = nothing();
    this.root = h(
      "div",
      { class: "v-inspector", "data-testid": "inspector", "data-node": "" },
      this.several.root,
      this.empty,
      this.node,
      this.compare.root,
    );
    this.question = new Question(hub, (node, seq) => {
      this.asked = this.frame;
      return { type: "inspect", seq, node };
    });
    this.listen();
    new ResizeObserver(() => this.resize()).observe(this.root);
    this.follow();
  }

  private listen(): void {
    const { hub } = this;
    hub.on("network", () => {
      this.message = this.preview = null;
      this.question.drop();
      this.follow();
    });
    // Asked right behind the pick, the answer comes right behind the selection.
    hub.on("picking", ({ nodes, mode }) => {
      if (nodes.length && mode !== "toggle" && this.pane.width > 0) this.question.ask(nodes[0]);
    });
    hub.on("selection", () => {
      this.picked = hub.picked;
      hub.picked = 0;
      if (!hub.selection.length) this.preview = null;
      this.follow();
    });
    hub.on("focus", ({ node, origin }) => {
      for (const part of this.parts) part.point?.(node);
      this.compare.point(node);
      if (origin !== ORIGIN && node !== null && !hub.selection.length && node !== this.preview) {
        this.preview = node;
        this.follow();
      }
      this.outline();
    });
    hub.on("frame", () => {
      this.frame = performance.now();
      this.ask();
      this.several.show(this.subject !== null);
    });
    hub.on("inspection", (message) => {
      this.question.answered();
      if (message.node === this.subject && message.network === hub.network?.name) this.show(message);
    });
    hub.on("compare", (message) => {
      const before = this.pane.compare;
      this.pane.compare = message;
      this.compare.told(message);
      this.head.compared();
      if (before?.reference !== message.reference) this.ask();
    });
    hub.on("theme", () => this.show(this.message));
  }

  /** The node to be shown. */
  private get subject(): number | null {
    return this.hub.selection.length ? this.hub.selection[0] : this.preview;
  }

  private follow(): void {
    const node = this.subject;
    this.several.show(node !== null);
    this.exports.chosen();
    shown(this.empty, node === null);
    if (node === null) {
      this.message = null;
      shown(this.node, false);
      this.root.dataset.node = "";
      this.outline();
    }
    if (this.question.pending !== node) this.ask();
  }

  /** Nobody asks for what is not seen. */
  private ask(): void {
    const node = this.subject;
    if (node !== null && this.pane.width > 0) this.question.ask(node);
  }

  private show(message: InspectionMessage | null): void {
    if (!message || !this.pane.width) return;
    this.message = message;
    for (const part of this.parts) part.show(message);
    shown(this.node, true);
    this.root.dataset.node = String(message.node);
    this.outline();
    if (this.picked && message.node === this.hub.selection[0]) untilPainted("vizapp:pick-to-inspector", this.picked);
    this.picked = 0;
    if (this.asked) untilPainted("vizapp:frame-to-inspector", this.asked);
    this.asked = 0;
  }

  /** What a selected node sees is outlined for as long, that of another one while the pointer is on it. */
  private outline(): void {
    const { hub, message } = this;
    const seen = message && this.pane.width > 0 && (hub.selection.length > 0 || hub.focus === message.node);
    hub.emit("field", seen ? { field: message.field, pad: message.pad } : { field: null, pad: null });
  }

  private toggle(): void {
    this.pane.tables = !this.pane.tables;
    this.root.classList.toggle("tables", this.pane.tables);
    this.show(this.message);
  }

  private resize(): void {
    const width = Math.floor(this.root.clientWidth);
    if (width === this.pane.width) return;
    const hidden = this.pane.width === 0;
    this.pane.width = width;
    this.compare.told(this.pane.compare);
    if (hidden) this.ask();
    if (width) this.show(this.message);
    else this.outline();
  }
}

function nothing(): HTMLElement {
  const ways = [
    "Point at a node in either view to see what it computes; click it to keep it here.",
    "Shift and a click add nodes. Click a layer's name, or search above, to find one by name.",
  ];
  return h("div", { class: "nothing" }, h("h2", {}, "No node is selected"), ...ways.map((text) => h("p", { class: "muted" }, text)));
}
