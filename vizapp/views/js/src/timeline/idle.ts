/** What can be put on the timeline while nothing is: a morph, a range, a way by hand. */

import { h } from "../dom";
import type { Hub } from "../hub";
import { popover } from "../popover";
import type { EndChoice } from "./ends";

const RANGES: [string, string, string][] = [
  ["rotation", "Rotation", "turns the drawing, −60° to 60°"],
  ["x", "Shift right", "moves it by up to 8 pixels to either side"],
  ["y", "Shift down", "moves it by up to 8 pixels up or down"],
  ["scale", "Scale", "makes it smaller and larger, 0.5 to 1.6 times"],
  ["width", "Stroke width", "makes its strokes thinner and thicker"],
  ["noise", "Noise", "adds grain to what the network sees"],
  ["hidden", "Occlusion", "hides a growing square in its middle"],
];

export function idle(hub: Hub, choice: EndChoice): HTMLElement {
  const put = (kind: string): void => hub.inOrder({ type: "sweep", kind });
  const begin = h("button", { type: "button", class: "primary", title: "Draws how sure the network is at 64 places between a drawn 1 and a drawn 2", onclick: () => put("morph") }, "Morph 1 → 2");
  const ends = choice.open("Morph…", "From the present drawing to …", (end) => hub.inOrder({ type: "sweep", kind: "morph", start: { source: "present" }, end }), false);
  const list = RANGES.map(([kind, name, words]) =>
    h(
      "button",
      {
        type: "button",
        onclick: () => {
          put(kind);
          vary.open = false;
        },
      },
      h("strong", {}, name),
      h("span", { class: "muted" }, words),
    ),
  );
  const vary = popover(h("summary", { class: "button" }, "Vary"), h("div", { class: "popover ranges" }, h("p", {}, "Put the present drawing through a range: how much does the answer bear?"), ...list), { aside: false });
  const hand = h("button", { type: "button", title: "From now on what you draw and erase is a way that can be gone back and forth", onclick: () => put("hand") }, "Record by hand");
  return h(
    "div",
    { class: "idle-sweep" },
    begin,
    ends,
    vary,
    hand,
    h("span", { class: "muted words" }, "How sure is it on the way from one drawing to another, or to one that is turned or covered?"),
  );
}
