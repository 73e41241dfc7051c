/** Test images that are like what a node sees; looked for only while somebody wants to see them. */

import { h, number } from "../dom";
import { thumbnail } from "../gallery";
import type { Hub } from "../hub";
import type { AlikeMessage, InspectionMessage } from "./messages";
import { type Pane, type Part, say } from "./part";

type What = AlikeMessage["what"];

const TITLES: Record<What, string> = {
  strongest: "Test images that activate it most",
  nearest: "Nearest to the drawing in this layer",
};
/** What is nearest is looked for when the pen rests. */
const REST_MS = 300;
/** The first search in a layer takes a second or two; after this long the answer is taken for lost. */
const PATIENCE_MS = 8000;
const SIZE = 28 * 28;

export class Alike implements Part {
  readonly root: HTMLElement;
  private readonly lists: Record<What, List>;
  private readonly hub: Hub;
  private node: number | null = null;
  private seq = 0;
  private waiting: What | null = null;
  private watchdog = 0;
  private rest = 0;

  constructor({ hub }: Pane) {
    this.hub = hub;
    this.lists = { strongest: new List(hub, "strongest"), nearest: new List(hub, "nearest") };
    const lists = Object.values(this.lists);
    for (const list of lists) list.root.addEventListener("toggle", () => this.pump());
    this.root = h("section", {}, ...lists.map(({ root }) => root));
    hub.on("alike", (message) => {
      if (message.ack !== this.seq) return;
      const list = this.lists[message.what];
      if (message.node === this.node && message.network === hub.network?.name) list.show(message);
      this.done();
    });
    hub.on("frame", () => {
      this.lists.nearest.stale = true;
      this.later();
    });
  }

  show({ node, layer, network }: InspectionMessage): void {
    if (node === this.node && network === this.lists.strongest.network) return;
    this.node = node;
    for (const list of Object.values(this.lists)) list.about(network, layer);
    this.later();
  }

  private later(): void {
    clearTimeout(this.rest);
    if (Object.values(this.lists).some(({ wanted }) => wanted)) this.rest = window.setTimeout(() => this.pump(), REST_MS);
  }

  /** One question at a time: the server keeps only the newest. */
  private pump(): void {
    if (this.waiting || this.node === null) return;
    const list = Object.values(this.lists).find(({ wanted }) => wanted);
    if (!list) return;
    this.waiting = list.what;
    list.look();
    this.hub.send({ type: "alike", seq: ++this.seq, node: this.node, what: list.what });
    this.watchdog = window.setTimeout(() => this.done(), PATIENCE_MS);
  }

  private done(): void {
    clearTimeout(this.watchdog);
    this.waiting = null;
    this.later();
  }
}

class List {
  readonly root: HTMLDetailsElement;
  stale = true;
  network = "";
  private layer = "";
  private readonly words = h("p", { class: "muted" });
  private readonly body = h("div", { class: "alike" });

  constructor(
    private readonly hub: Hub,
    readonly what: What,
  ) {
    this.root = h("details", {}, h("summary", {}, TITLES[what]), this.words, this.body);
  }

  get wanted(): boolean {
    return this.root.open && this.stale;
  }

  /** Another node: what is shown is of the one before. */
  about(network: string, layer: string): void {
    // What is near in a layer is so for all its nodes.
    if (this.what === "nearest" && network === this.network && layer === this.layer) return;
    this.network = network;
    this.layer = layer;
    this.stale = true;
    this.body.replaceChildren();
    say(this.words, "");
  }

  look(): void {
    this.stale = false;
    if (!this.body.childElementCount) say(this.words, "Looking through the test images… the first time this takes a second or two.");
  }

  show({ groups, images, count, layer }: AlikeMessage): void {
    const distances = this.what === "nearest";
    const none = distances ? "Draw something to see what is near it." : "No test image activates it at all.";
    const found = groups.some(({ items }) => items.length > 0);
    const how = distances
      ? `Euclidean distance of all activations of ${layer}, among ${count.toLocaleString("en")} test images; the three nearest of each likely class. Click one to load it.`
      : `Of ${count.toLocaleString("en")} test images, with the node's output for each. Click one to load it.`;
    say(this.words, found ? how : none);
    let at = 0;
    const lists = groups.map(({ label, items }) => {
      const buttons = items.map(({ source, index, title, value }) => {
        const image = images.subarray(at * SIZE, (at + 1) * SIZE);
        at++;
        const words = `${title}, ${distances ? "distance" : "output"} ${number(value)}: load it`;
        const load = (): void => this.hub.inOrder({ type: "load", source, index });
        const button = h("button", { type: "button", class: "thumb", title: words, "aria-label": words, onclick: load }, thumbnail(image));
        return h("li", {}, button, h("span", { class: "num", "aria-hidden": "true" }, number(value)));
      });
      const name = distances ? [h("span", { class: "label num" }, label)] : [];
      return h("div", { class: "group-of" }, ...name, h("ul", { "aria-label": distances ? `Class ${label}` : label }, ...buttons));
    });
    this.body.replaceChildren(...lists);
  }
}
