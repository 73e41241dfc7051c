/** Side by side: pinned nodes, and the present drawing with one that is kept for comparison. */

import { h, number, percent } from "../dom";
import { shownActivation } from "../hover";
import type { Hub } from "../hub";
import { edgesInto, layerIndexOf } from "../network";
import { diverging, sequential } from "./colours";
import { drawnPixels, SIDE } from "./drawn";
import type { CompareMessage } from "./messages";
import { lockable } from "../locks";
import { label, type Pane, say, section, shown, standsFor } from "./part";
import { acrossOf, Picture } from "./picture";

/** A pin's picture, px. */
const SIZE = 60;

export class Compare {
  readonly root: HTMLElement;
  private readonly pins = h("ul", { class: "pins", "aria-label": "Pinned nodes" });
  private readonly none = h("p", { class: "muted" }, "Pin nodes to see them here side by side.");
  private readonly cards: Pin[] = [];
  private readonly now = new Thumb("Now");
  private readonly before = new Thumb("Reference");
  private readonly drawings = h("div", { class: "drawings" }, this.now.root, this.before.root);
  private readonly keep = h("button", { type: "button" }, "Keep this drawing as reference");
  private readonly forget = h("button", { type: "button" }, "Forget it");
  private readonly difference = h("input", { type: "checkbox", role: "switch" });
  private readonly hub: Hub;

  constructor(private readonly pane: Pane) {
    const { hub } = pane;
    this.hub = hub;
    this.keep.addEventListener("click", () => hub.send({ type: "refer", on: true }));
    this.forget.addEventListener("click", () => hub.send({ type: "refer", on: false }));
    this.difference.addEventListener("change", () => hub.send({ type: "set", name: "difference", value: this.difference.checked }));
    const both = h("label", { class: "toggle" }, this.difference, h("span", {}, "Show the difference in both views"));
    this.root = section(
      "Compare",
      this.none,
      this.pins,
      this.drawings,
      lockable(hub, ["reference"], h("div", { class: "keys" }, this.keep, this.forget)),
      lockable(hub, ["difference"], both),
    );
    this.told(null);
    hub.on("frame", () => this.paint());
    hub.on("theme", () => this.paint());
  }

  told(message: CompareMessage | null): void {
    const pins = message?.pins ?? [];
    shown(this.none, !pins.length);
    shown(this.pins, pins.length > 0);
    while (this.cards.length < pins.length) {
      const card = new Pin(this.pane);
      this.cards.push(card);
      this.pins.append(card.root);
    }
    this.cards.forEach((card, i) => shown(card.root, i < pins.length) && card.show(pins[i]));
    const reference = message?.reference ?? null;
    shown(this.drawings, reference !== null);
    shown(this.forget, reference !== null);
    say(this.keep, reference ? "Keep this one instead" : "Keep this drawing as reference");
    this.difference.disabled = reference === null;
    this.difference.checked = message?.difference ?? false;
    this.paint();
  }

  point(node: number | null): void {
    for (const card of this.cards) card.root.classList.toggle("pointed", node !== null && card.node === node);
  }

  private paint(): void {
    const { hub, pane } = this;
    if (!pane.width) return;
    this.cards.forEach((card) => !card.root.hidden && card.paint());
    const reference = pane.compare?.reference;
    if (!reference || !hub.frame) return;
    const ink = drawnPixels(hub, pane.compare);
    this.now.show(hub, ink ?? new Float32Array(SIDE * SIDE), hub.frame.probabilities);
    this.before.show(hub, Float32Array.from(reference.image, (byte) => byte / 255), reference.probabilities);
  }
}

/** A drawing as the network sees it, and its answer. */
class Thumb {
  readonly root: HTMLElement;
  private readonly picture = new Picture();
  private readonly answer = h("span", { class: "num" });

  constructor(private readonly title: string) {
    this.picture.tile(1, SIDE, SIDE);
    this.picture.fit(2);
    this.root = h("figure", { class: "drawing" }, this.picture.root, h("figcaption", {}, h("b", {}, title), this.answer));
  }

  show(hub: Hub, ink: Float32Array, probabilities: number[] | null): void {
    this.picture.paint(ink, sequential(hub, 1));
    const order = probabilities ? [...probabilities.keys()].sort((a, b) => probabilities[b] - probabilities[a]) : [];
    const words = probabilities ? order.slice(0, 2).map((k) => `${k} ${percent(probabilities[k])}`) : ["empty"];
    say(this.answer, words.join("\n"));
    this.picture.describe(`${this.title}: ${words.join(", ")}`);
  }
}

/** A pinned node: its weights or patch in small, and its numbers for both drawings. */
class Pin {
  readonly root: HTMLElement;
  node = 0;
  private readonly picture = new Picture();
  private readonly name = h("button", { type: "button", class: "name" });
  private readonly values = h("span", { class: "num" });
  private readonly reference = h("span", { class: "num muted" });
  private readonly close = h("button", { type: "button", class: "close" }, "×");

  constructor(private readonly pane: Pane) {
    const { hub } = pane;
    standsFor(hub, this.name, () => this.node);
    this.close.addEventListener("click", () => hub.send({ type: "pin", node: this.node, on: false }));
    const numbers = h("div", { class: "numbers" }, this.values, this.reference);
    this.root = h("li", { class: "pin" }, this.name, this.close, this.picture.root, numbers);
  }

  show({ node, name, layer, pre, output, reference }: CompareMessage["pins"][number]): void {
    this.node = node;
    this.root.dataset.node = String(node);
    say(this.name, name);
    say(this.values, layer === "input" ? `a ${number(output)}` : `z ${number(pre)}\na ${number(output)}`);
    say(this.reference, reference ? `ref. a ${number(reference.output)}` : "");
    label(this.close, `Unpin ${name}`);
    this.close.title = `Unpin ${name}`;
  }

  paint(): void {
    const { hub } = this.pane;
    const { network, frame } = hub;
    if (!network || !frame || this.node >= network.size.length) return;
    const at = layerIndexOf(network, this.node);
    const layer = network.layers[at];
    const { nodes, weights } = edgesInto(network, this.node);
    const value = (node: number): number => shownActivation(network, frame, node);
    if (layer.kind === "input" || layer.kind === "pool") {
      const values = layer.kind === "pool" ? Array.from(nodes, value) : [value(this.node)];
      this.tile(1, values.length > 1 ? 2 : 1, values.length > 1 ? values.length / 2 : 1);
      const scale = Math.max(...values.map(Math.abs), frame.scales[frame.scale === "map" ? 0 : at], 1e-9);
      this.picture.paint(values, frame.difference ? diverging(hub, [scale]) : sequential(hub, scale));
      this.picture.describe(layer.kind === "pool" ? "Its inputs" : "Its value");
      return;
    }
    const below = network.layers[at - 1];
    if (layer.kind === "conv") {
      const maps = below.shape[0];
      const size = Math.round(Math.sqrt(weights.length / maps));
      this.tile(maps, size, size);
      this.picture.describe("Its kernel");
    } else {
      const [maps, rows, cols] = below.shape.length === 3 ? below.shape : wrapped(below.count);
      this.tile(maps, rows, cols);
      this.picture.describe("Its weights");
    }
    this.picture.paint(weights, diverging(hub, weights));
  }

  private tile(maps: number, rows: number, cols: number): void {
    this.picture.tile(maps, rows, cols, acrossOf(maps));
    this.picture.fit(Math.max(1, Math.floor(SIZE / Math.max(this.picture.width, this.picture.height))));
  }
}

function wrapped(count: number): number[] {
  const across = acrossOf(count);
  return [1, Math.ceil(count / across), across];
}
