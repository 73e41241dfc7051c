/** Which ways are drawn together, and which of them the cursor is on. */

import { h } from "../dom";
import type { Hub } from "../hub";
import { draw } from "./axes";
import { mark, markOf } from "./palette";
import type { Sheet } from "./sheet";

export class Ways {
  readonly element = h("div", { class: "ways", role: "group", "aria-label": "Ways of the morph" });
  private readonly boxes = h("div", { class: "boxes" });
  private readonly on = h("select", { "aria-label": "The cursor is on the way", title: "The way that the cursor is on: pad and views show its frames" });
  private shown = "";

  constructor(
    private readonly hub: Hub,
    private readonly sheet: Sheet,
  ) {
    this.on.addEventListener("change", () => sheet.takeWay(this.on.value));
    this.element.append(h("label", { class: "on" }, h("span", { class: "muted" }, "Cursor on"), this.on), this.boxes);
    sheet.on("cursor", ({ way }) => this.follow(way));
  }

  show(): void {
    const { head, hub, sheet } = this;
    if (!head) return;
    const drawn = hub.settings?.ways ?? [];
    const now = JSON.stringify([head.ways, drawn]);
    if (now === this.shown) return this.follow(sheet.cursor.way);
    this.shown = now;
    const had = (this.element.getRootNode() as ShadowRoot).activeElement?.getAttribute("data-way");
    this.on.replaceChildren(...head.ways.map(({ name, label, about }) => h("option", { value: name, title: about }, label)));
    this.boxes.replaceChildren(
      ...head.ways.map(({ name, label, about }) => {
        const box = h("input", { type: "checkbox", checked: drawn.includes(name), "data-way": name });
        box.addEventListener("change", () => {
          const ways = (hub.settings?.ways ?? []).filter((way) => way !== name);
          hub.send({ type: "set", name: "ways", value: box.checked ? [...ways, name] : ways });
        });
        return h("label", { class: "way", title: about }, box, sign(name), label);
      }),
    );
    if (had) this.boxes.querySelector<HTMLElement>(`[data-way="${had}"]`)?.focus();
    this.follow(sheet.cursor.way);
  }

  private get head(): Sheet["head"] {
    return this.sheet.head;
  }

  /** The way of the cursor is drawn in any case. */
  private follow(way: string): void {
    if (this.on.value !== way) this.on.value = way;
    for (const box of this.boxes.querySelectorAll("input")) {
      const own = box.dataset.way === way;
      box.disabled = own;
      box.checked = own || (this.hub.settings?.ways.includes(box.dataset.way ?? "") ?? false);
    }
  }
}

/** The mark that its lines carry. */
export function sign(way: string): Node {
  if (markOf(way) === null) return document.createTextNode("");
  return draw("svg", { class: "sign", viewBox: "-5 -5 10 10", width: 10, height: 10, "aria-hidden": "true" }, mark(way, 0, 0, "currentcolor"));
}
