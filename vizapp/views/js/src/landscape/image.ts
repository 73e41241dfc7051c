/** One test image of the map, in words and as a button that loads it. */

import { h, number } from "../dom";
import { thumbnail } from "../gallery";
import type { Hub } from "../hub";
import type { MapItem } from "./messages";

export const SIZE = 28 * 28;

/** "7 → 1": what it is, what the network says. */
export function verdict({ label, answer }: MapItem): string {
  return `${label} → ${answer}`;
}

export function doubts({ entropy, margin }: MapItem): string {
  return `entropy ${number(entropy)} bits, margin ${number(margin)}`;
}

export function load(hub: Hub, item: MapItem): void {
  hub.inOrder({ type: "load", source: "reference", index: item.index });
}

export function imageButton(hub: Hub, item: MapItem, image: Uint8Array): HTMLButtonElement {
  const words = `Test image ${item.index}, a ${item.label}, answered ${item.answer}; ${doubts(item)}: load it`;
  return h("button", { type: "button", class: "thumb", title: words, "aria-label": words, "data-index": item.index, onclick: () => load(hub, item) }, thumbnail(image));
}
