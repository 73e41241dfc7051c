/** The row above the curves: what is on the timeline, and what can be put there. */

import { h } from "../dom";
import type { Hub } from "../hub";
import type { Sheet } from "./sheet";

export class Head {
  readonly element = h("div", { class: "head" });

  constructor(hub: Hub, sheet: Sheet) {
    const begin = h("button", { type: "button", onclick: () => hub.send({ type: "sweep", kind: "morph" }) }, "Morph 1 → 2");
    const end = h("button", { type: "button", onclick: () => hub.send({ type: "sweep", kind: null }) }, "Close");
    const show = (): void => this.element.replaceChildren(sheet.head ? end : begin);
    sheet.on("head", show);
    show();
  }
}
