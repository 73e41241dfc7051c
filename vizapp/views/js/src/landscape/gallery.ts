/** Lists of test images to look through: the most ambiguous, the misclassified, those in an area of the map. */

import { h } from "../dom";
import type { Hub } from "../hub";
import { lockable } from "../locks";
import { Question } from "../question";
import { type Radios, radios } from "../radios";
import { imageButton, SIZE, verdict } from "./image";
import type { LandscapeMessage, List, ListQuestion, MapItem, MapListMessage } from "./messages";

const LISTS: { value: List; label: string; title: string }[] = [
  { value: "ambiguous", label: "Most ambiguous", title: "Test images with the smallest margins between the two best logits" },
  { value: "misclassified", label: "Misclassified", title: "Test images that the network takes for something else, the surest first" },
  { value: "area", label: "Area", title: "Test images in the box or lasso on the map, the most ambiguous first" },
];

export class Gallery {
  readonly root: HTMLElement;
  /** An image of the list is pointed at, or none any more. */
  onPoint: (item: MapItem | null) => void = () => {};
  private readonly tabs: Radios;
  private readonly words = h("p", { class: "muted num", role: "status" });
  private readonly grid = h("ul", { class: "images", "aria-label": "Test images" });
  private readonly before = h("button", { type: "button", onclick: () => this.turn(-1) }, "Previous");
  private readonly after = h("button", { type: "button", onclick: () => this.turn(1) }, "Next");
  private readonly place = h("span", { class: "num muted" });
  private readonly pager = h("div", { class: "pages", hidden: true }, this.before, this.place, this.after);
  private readonly file = h("button", { type: "button", hidden: true, title: "The whole list as a file: images, labels, answers, entropies, margins, places", onclick: () => this.take() }, "Save as CSV");
  private readonly question: Question<ListQuestion>;
  private map: LandscapeMessage | null = null;
  private list: List = "ambiguous";
  private page = 0;
  private pages = 1;
  private polygon: Float32Array | null = null;

  constructor(private readonly hub: Hub) {
    this.tabs = radios("Test images", LISTS, (list) => this.choose(list as List));
    this.tabs.set(this.list);
    this.root = h(
      "section",
      { class: "lists", "aria-label": "Lists of test images" },
      this.tabs.element,
      this.words,
      lockable(hub, ["drawing"], this.grid),
      h("div", { class: "pager" }, this.pager, this.file),
    );
    this.question = new Question(hub, (wanted, seq) => ({ type: "map_list", seq, ...wanted }));
    hub.on("map_list", (message) => {
      this.question.answered();
      this.show(message);
    });
    hub.on("map_waits", ({ question }) => question === "map_list" && this.question.answered());
  }

  /** Another map: an area of the last one means nothing on it. */
  about(map: LandscapeMessage): void {
    this.map = map;
    this.polygon = null;
    this.choose(this.list === "area" ? "ambiguous" : this.list);
  }

  /** What is in an area; null: it is gone. */
  within(polygon: Float32Array | null): void {
    this.polygon = polygon;
    if (polygon || this.list === "area") this.choose(polygon ? "area" : "ambiguous");
  }

  private choose(list: List): void {
    this.list = list;
    this.page = 0;
    this.tabs.set(list);
    this.ask();
  }

  private turn(by: number): void {
    this.page = Math.min(Math.max(this.page + by, 0), this.pages - 1);
    this.ask();
  }

  private ask(): void {
    if (this.list === "area" && !this.polygon) {
      this.grid.replaceChildren();
      this.pager.hidden = this.file.hidden = true;
      this.words.textContent = "Choose Box or Lasso above the map, and drag around some dots.";
    } else this.question.ask({ ...this.wanted, page: this.page });
  }

  private get wanted(): Omit<ListQuestion, "page"> {
    return { list: this.list, polygon: this.list === "area" ? this.polygon : null };
  }

  private take(): void {
    this.hub.send({ type: "map_file", ...this.wanted });
  }

  private show({ list, page, pages, total, items, images, network, method }: MapListMessage): void {
    if (list !== this.list || network !== this.map?.network || method !== this.map.method) return;
    if (list === "area" && !this.polygon) return;
    this.page = page;
    this.pages = pages;
    this.words.textContent = this.sentence(total);
    this.grid.dataset.total = String(total);
    this.onPoint(null);
    this.grid.replaceChildren(...items.map((item, i) => this.image(item, images.subarray(i * SIZE, (i + 1) * SIZE))));
    this.pager.hidden = pages < 2;
    this.file.hidden = total === 0;
    this.place.textContent = `${page + 1} of ${pages}`;
    [this.before.disabled, this.after.disabled] = [page === 0, page === pages - 1];
  }

  private image(item: MapItem, image: Uint8Array): HTMLElement {
    const point = (): void => this.onPoint(item);
    const leave = (): void => this.onPoint(null);
    const text = h("span", { class: item.label === item.answer ? "num" : "num wrong", "aria-hidden": "true" }, verdict(item));
    return h("li", { onpointerenter: point, onpointerleave: leave, onfocusin: point, onfocusout: leave }, imageButton(this.hub, item, image), text);
  }

  private sentence(total: number): string {
    const count = total.toLocaleString("en");
    if (this.list === "ambiguous") return `${count} with the smallest margins, smallest first`;
    if (this.list === "misclassified") return `${count} of ${this.map!.count.toLocaleString("en")}, the surest first`;
    return total === 0 ? "No image in the area" : `${count} in the area, the most ambiguous first`;
  }
}
