/** The image that is pointed at on the map, beside it: how it looks, what it is, what the network says. */

import { h, number } from "../dom";
import { thumbnail } from "../gallery";
import { doubts, verdict } from "./image";
import type { MapItem } from "./messages";
import type { MapView } from "./view";

const GAP = 14;
const EDGE = 4;

export class Readout {
  readonly root = h("div", { class: "pointed-at", hidden: true, "aria-hidden": "true" });
  /** For whoever points with the keyboard, said aloud. */
  readonly spoken = h("p", { class: "visually-hidden", role: "status" });

  show(item: MapItem | null, view: MapView, image?: Uint8Array, aloud = false): void {
    this.root.hidden = !item || !image;
    this.root.dataset.index = item ? String(item.index) : "";
    if (!item || !image) return;
    if (aloud) this.spoken.textContent = `Test image ${item.index}, a ${item.label}, answered ${item.answer}; ${doubts(item)}`;
    const wrong = item.label !== item.answer;
    this.root.replaceChildren(
      h("span", { class: "thumb" }, thumbnail(image)),
      h(
        "span",
        { class: "num" },
        h("b", wrong ? { class: "wrong" } : {}, verdict(item)),
        ...[wrong ? " wrong" : " right", `entropy ${number(item.entropy)}`, `margin ${number(item.margin)}`].flatMap((text, i) => (i ? [h("br"), text] : [text])),
      ),
    );
    this.place(view.px(item.place), view);
  }

  /** Right of the image and above it, or where there is room. */
  private place([x, y]: [number, number], view: MapView): void {
    const { offsetWidth: width, offsetHeight: height, style } = this.root;
    const left = x + GAP + width + EDGE > view.width ? x - GAP - width : x + GAP;
    const top = y - GAP - height < EDGE ? y + GAP : y - GAP - height;
    style.left = `${Math.max(EDGE, left)}px`;
    style.top = `${Math.max(EDGE, Math.min(top, view.height - height - EDGE))}px`;
  }
}
