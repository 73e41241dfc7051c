/** A dialog of drawings and test images, of which one is picked. */

import { h } from "./dom";
import type { Hub } from "./hub";
import type { GalleryMessage } from "./wire";

const SIDE = 28;
const CHOICES: [string, string][] = [
  ["samples", "Between two digits"],
  ["digits", "Drawn digits"],
  ["ambiguous", "Hardest test images"],
  ...Array.from({ length: 10 }, (_, d): [string, string] => [String(d), String(d)]),
];

type Item = GalleryMessage["items"][number];

export class Gallery {
  readonly element: HTMLDialogElement;
  private grid = h("div", { class: "thumbs" });
  private tabs: HTMLButtonElement[];
  private pager = h("div", { class: "pager" });
  private choice = CHOICES[0][0];

  constructor(
    private hub: Hub,
    title: string,
    private pick: (item: Item) => void,
  ) {
    this.tabs = CHOICES.map(([choice, label]) =>
      h("button", { type: "button", onclick: () => this.ask(choice, 0) }, label),
    );
    this.element = h(
      "dialog",
      { class: "gallery", "aria-label": title },
      h(
        "div",
        { class: "head" },
        h("h2", {}, title),
        h("button", { type: "button", "aria-label": "Close", onclick: () => this.element.close() }, "×"),
      ),
      h("div", { class: "tabs" }, ...this.tabs),
      this.grid,
      this.pager,
    );
    // A click beside the dialog closes it.
    this.element.addEventListener("click", (event) => {
      if (event.composedPath()[0] === this.element) this.element.close();
    });
    hub.on("gallery", (message) => this.show(message));
  }

  open(choice = this.choice): void {
    this.element.showModal();
    this.ask(choice, 0);
  }

  private ask(choice: string, page: number): void {
    this.choice = choice;
    this.tabs.forEach((tab, i) => tab.setAttribute("aria-pressed", String(CHOICES[i][0] === choice)));
    this.hub.send({ type: "gallery", choice, page });
  }

  private show({ choice, page, pages, items, images }: GalleryMessage): void {
    if (choice !== this.choice || !this.element.open) return;
    const size = SIDE * SIDE;
    this.grid.replaceChildren(
      ...items.map((item, i) =>
        h(
          "button",
          {
            type: "button",
            class: "thumb",
            title: item.title,
            "aria-label": item.title,
            onclick: () => {
              this.pick(item);
              this.element.close();
            },
          },
          thumbnail(images.subarray(i * size, (i + 1) * size)),
        ),
      ),
    );
    const turn = (label: string, to: number): HTMLElement =>
      h("button", { type: "button", disabled: to < 0 || to >= pages, onclick: () => this.ask(choice, to) }, label);
    const place = h("span", { class: "num muted" }, `${page + 1} of ${pages}`);
    this.pager.replaceChildren(...(pages > 1 ? [turn("Previous", page - 1), place, turn("Next", page + 1)] : []));
  }
}

export function thumbnail(bytes: Uint8Array): HTMLCanvasElement {
  const canvas = h("canvas", { width: SIDE, height: SIDE });
  const context = canvas.getContext("2d")!;
  const image = context.createImageData(SIDE, SIDE);
  for (let i = 0; i < bytes.length; i++) image.data.set([31, 41, 51, bytes[i]], 4 * i);
  context.putImageData(image, 0, 0);
  return canvas;
}
