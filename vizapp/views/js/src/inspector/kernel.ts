/** How a kernel slides: a window moves over the layer below, and the map fills, node by node. */

import { h, number } from "../dom";
import type { Hub } from "../hub";
import { layerIndexOf } from "../network";
import { activation, diverging, levelColours } from "./colours";
import type { InspectionMessage } from "./messages";
import { label, type Pane, type Part, pick, pointAt, say, section, shown } from "./part";
import { acrossOf, Picture } from "./picture";

/** A whole map takes about this long to fill, and a step never longer than a glance. */
const WHOLE_MS = 12_000;
const LONGEST_MS = 220;
/** Of a cell, px. */
const LARGEST = 14;

export class Kernel implements Part {
  readonly root: HTMLElement;
  private readonly below = new Picture();
  private readonly kernel = new Picture();
  private readonly filling = new Picture();
  private readonly play = h("button", { type: "button", class: "play" }, "Play");
  private readonly back = h("button", { type: "button", "aria-label": "One node back", title: "One node back" }, "‹");
  private readonly forward = h("button", { type: "button", "aria-label": "One node on", title: "One node on" }, "›");
  private readonly slider = h("input", { type: "range", min: 0, step: 1, "aria-label": "Which node of the map the kernel computes" });
  private readonly line = h("p", { class: "at num muted" });
  private readonly words = h("p", { class: "muted" });
  private readonly hub: Hub;
  private message: InspectionMessage | null = null;
  /** The node of the map where the window is, in steps from the first; null: at the inspected node, the map whole. */
  private at: number | null = null;
  private timer = 0;

  constructor(private readonly pane: Pane) {
    this.hub = pane.hub;
    this.play.addEventListener("click", () => this.toggle());
    this.back.addEventListener("click", () => this.go(this.here - 1));
    this.forward.addEventListener("click", () => this.go(this.here + 1));
    this.slider.addEventListener("input", () => this.go(this.slider.valueAsNumber));
    this.filling.onPoint = (index) => pointAt(this.hub, index === null ? null : this.message!.map!.first + index);
    this.filling.onPick = (index, event) => pick(this.hub, [this.message!.map!.first + index], event);
    const keys = h("div", { class: "slide-keys" }, this.play, this.back, this.forward, this.slider);
    const sign = (text: string): HTMLElement => h("span", { class: "sign" }, text);
    const pictures = h("div", { class: "slide" }, this.below.root, sign("∗"), this.kernel.root, sign("="), this.filling.root);
    this.root = section("How the kernel slides", this.words, pictures, this.line, keys);
  }

  show(message: InspectionMessage): void {
    const { map, kernel } = message;
    const moved = this.message?.map?.first !== map?.first || this.message?.network !== message.network;
    if (moved || message.node !== this.message?.node) this.rest();
    this.message = message;
    if (!shown(this.root, map !== null && kernel !== null)) return;
    this.paint();
  }

  point(node: number | null): void {
    const map = this.message?.map;
    if (!map || this.root.hidden) return;
    const at = node === null ? -1 : node - map.first;
    this.filling.mark("focus", at >= 0 && at < map.output.length ? [at] : []);
  }

  private get here(): number {
    return this.at ?? this.message!.node - this.message!.map!.first;
  }

  /** The window back at the node, the map whole. */
  private rest(): void {
    this.stop();
    this.at = null;
  }

  private go(to: number): void {
    const last = this.message!.map!.output.length - 1;
    this.stop();
    this.at = Math.min(Math.max(to, 0), last);
    this.paint();
  }

  private toggle(): void {
    if (this.timer) return this.stop();
    const count = this.message!.map!.output.length;
    if (this.at === null || this.at >= count - 1) this.at = -1;
    say(this.play, "Pause");
    const step = (): void => {
      // Nobody sees it: it goes no further.
      if (!this.root.isConnected || this.root.hidden || !this.pane.width || this.at === null) return this.stop();
      this.at++;
      this.paint();
      if (this.at >= count - 1) return this.stop();
      this.timer = window.setTimeout(step, Math.min(LONGEST_MS, WHOLE_MS / count));
    };
    step();
  }

  private stop(): void {
    clearTimeout(this.timer);
    this.timer = 0;
    say(this.play, "Play");
  }

  private paint(): void {
    const { message, hub } = this;
    const { network, frame } = hub;
    if (!message?.map || !message.kernel || !network || !frame) return;
    const { map, kernel } = message;
    const under = network.layers[layerIndexOf(network, message.node) - 1];
    const [maps, rows, cols] = under.shape;
    const across = acrossOf(maps);
    this.below.tile(maps, rows, cols, across);
    this.kernel.tile(kernel.maps, kernel.size, kernel.size, across);
    this.filling.tile(1, map.rows, map.cols);
    this.fit();
    this.below.paintLevels(frame.levels.subarray(under.offset, under.offset + under.count), levelColours(hub, under.offset));
    this.kernel.paint(kernel.weights, diverging(hub, kernel.weights));
    const count = this.at === null ? map.output.length : this.at + 1;
    this.filling.paint(map.output, activation(hub, [map.first], map.output), count);
    const [row, col] = [Math.floor(this.here / map.cols), this.here % map.cols];
    const corners = Array.from({ length: maps }, (_, i) => (i * rows + row) * cols + col);
    this.below.mark("window", corners, kernel.size);
    this.filling.mark("own", [this.here]);
    this.tell(row, col, under.name);
  }

  private tell(row: number, col: number, under: string): void {
    const { map, kernel } = this.message!;
    const nodes = map!.output.length;
    const weights = kernel!.weights.length;
    const maps = kernel!.maps > 1 ? `${kernel!.maps} maps of ${under}` : `the ${under}`;
    say(this.words, `One kernel of ${weights} weights slides over ${maps} and computes all ${nodes} nodes of the map.`);
    const { here } = this;
    say(this.line, `(${row}, ${col}): z = ${number(map!.pre[here])} → a = ${number(map!.output[here])}`);
    this.slider.max = String(nodes - 1);
    if (this.slider.valueAsNumber !== here) this.slider.value = String(here);
    this.slider.setAttribute("aria-valuetext", this.line.textContent!);
    label(this.below.root.firstElementChild!, `${maps}, with the window at row ${row}, column ${col}`);
    this.kernel.describe(`The kernel: ${weights} weights, the same for every node of the map`);
    this.filling.describe(`The map, filled as far as row ${row}, column ${col}`);
  }

  private fit(): void {
    const share = (picture: Picture, part: number): void =>
      picture.fit(Math.max(1, Math.min(LARGEST, Math.floor((part * this.pane.width) / picture.width))));
    share(this.below, 0.45);
    share(this.kernel, 0.12);
    share(this.filling, 0.36);
  }
}
