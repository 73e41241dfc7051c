/** Ambiguous or strange: how far it is to the nearest test images of each likely class, and what they look like. */

import { h, number } from "../dom";
import type { Hub } from "../hub";
import { label, say, shown } from "../inspector/part";
import { lockable } from "../locks";
import { Gauge, type Tick } from "./gauge";
import type { Candidate, Scores } from "./messages";

const SIDE = 28;
const SIZE = SIDE * SIDE;
/** Rows that room is kept for: there are hardly ever more. */
const ROWS = 3;
/** Of 1000 images of a class one is beyond the last of them. */
const DECADES = 3;
const TICKS: Tick[] = ["0", "90", "99", "99.9"].map((text, i) => ({ at: i / DECADES, text }));

/** A thumbnail that can be pressed; the picture in it changes with the pen. */
class Picture {
  readonly root: HTMLElement;
  private readonly canvas = h("canvas", { width: SIDE, height: SIDE });
  private readonly context = this.canvas.getContext("2d")!;
  private readonly pixels = this.context.createImageData(SIDE, SIDE);
  private readonly button: HTMLButtonElement;
  private readonly distance = h("span", { class: "num", "aria-hidden": "true" });
  private index = -1;

  constructor(hub: Hub) {
    const load = (): void => hub.inOrder({ type: "load", source: "reference", index: this.index });
    this.button = h("button", { type: "button", class: "thumb", onclick: load }, this.canvas);
    this.root = h("li", {}, this.button, this.distance);
  }

  show(index: number, title: string, distance: number, image: Uint8Array): void {
    const words = `${title}, distance ${number(distance)}: load it`;
    label(this.button, words);
    if (this.button.title !== words) this.button.title = words;
    say(this.distance, distance.toFixed(2));
    if (index === this.index) return;
    this.index = index;
    const { data } = this.pixels;
    for (let i = 0; i < SIZE; i++) data.set([31, 41, 51, image[i]], 4 * i);
    this.context.putImageData(this.pixels, 0, 0);
  }
}

/** A candidate class. */
class Row {
  readonly root: HTMLElement;
  private readonly digit = h("span", { class: "digit num" });
  private readonly percentile = h("span", { class: "num" });
  private readonly gauge = new Gauge(TICKS);
  private readonly list = h("ul");
  private readonly pictures: Picture[] = [];

  constructor(private readonly hub: Hub) {
    this.root = h("li", {}, this.digit, h("div", { class: "far" }, this.percentile, this.gauge.root), this.list);
  }

  show({ label: digit, percentile, items }: Candidate, rank: number, strange: number, images: Uint8Array): void {
    say(this.digit, String(digit));
    say(this.percentile, `${percentile.toFixed(1)} %`);
    this.gauge.set(rarity(percentile), rarity(strange));
    this.gauge.colour(rank);
    label(this.list, `Test images of ${digit} that are nearest`);
    while (this.pictures.length < items.length) {
      const picture = new Picture(this.hub);
      this.pictures.push(picture);
      this.list.append(picture.root);
    }
    this.pictures.forEach((picture, i) => {
      if (!shown(picture.root, i < items.length)) return;
      const { index, title, distance } = items[i];
      picture.show(index, title, distance, images.subarray(i * SIZE, (i + 1) * SIZE));
    });
  }
}

export class Nearby {
  readonly root: HTMLElement;
  private readonly words = h("p", { class: "words muted num" });
  private readonly itself = h("p", { class: "words muted num", hidden: true });
  private readonly list = h("ol", { class: "classes", "aria-label": "Likely classes and their nearest test images" });
  private readonly rows: Row[] = [];

  constructor(private readonly hub: Hub) {
    this.list.style.setProperty("--rows", String(ROWS));
    const title = h("h3", {}, "Nearest test images");
    this.root = h("section", { class: "nearby" }, title, lockable(hub, ["drawing"], this.list), this.words, this.itself);
  }

  show({ candidates, images, layer, strange, itself }: Scores): void {
    while (this.rows.length < candidates.length) {
      const row = new Row(this.hub);
      this.rows.push(row);
      this.list.append(row.root);
    }
    let start = 0;
    this.rows.forEach((row, i) => {
      if (!shown(row.root, i < candidates.length)) return;
      row.show(candidates[i], i, strange, images.subarray(start));
      start += candidates[i].items.length * SIZE;
    });
    say(
      this.words,
      `Distances in ${layer}, the last hidden layer. The bar: how many of the class's own images have a nearer fellow; beyond ${strange} %, the line, is far.`,
    );
    if (shown(this.itself, itself !== null)) say(this.itself, `On the pad is ${itself}: it is not compared with itself.`);
  }
}

/** Percentiles on a scale that has room where it matters: 90, 99 and 99.9 are as far apart. */
function rarity(percentile: number): number {
  return -Math.log10(Math.max(1 - percentile / 100, 10 ** -DECADES)) / DECADES;
}
