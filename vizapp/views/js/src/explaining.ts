/** Where the answer comes from: pictures on the pad, how they were tested, and what would change the answer. */

import type { Props } from "./bokeh";
import { h } from "./dom";
import { Change } from "./explaining/change";
import { Choice } from "./explaining/choice";
import { currentOf } from "./explaining/current";
import { Figure } from "./explaining/figure";
import { marksOf } from "./explaining/marks";
import { PixelNumbers } from "./explaining/numbers";
import type { Part } from "./explaining/part";
import { Test } from "./explaining/test";
import { View } from "./explaining/view";
import { Sums, Words } from "./explaining/words";
import { type Hub, hubOf } from "./hub";

export function render({ view }: Props): HTMLElement {
  return panel(hubOf(view.model.document));
}

function panel(hub: Hub): HTMLElement {
  const current = currentOf(hub);
  const hint = h("p", { class: "muted" }, "Choose a picture: it is laid over the drawing on the pad, and stands here enlarged, with its numbers.");
  const parts: Part[] = [new Choice(hub), new View(hub), new Words(), new Sums(), new Change(hub), new Test(hub), new PixelNumbers(hub), new Figure(hub)];
  const [choice, ...others] = parts;
  const root = h("div", { class: "v-explaining", "data-testid": "explaining" }, h("h2", {}, "Where it comes from"), choice.root, hint, ...others.map((part) => part.root));
  let width = 0;
  const show = (): void => {
    hint.hidden = current.shown;
    // What is folded away is not painted; it is when it is opened.
    if (!width) return;
    const { message, stale } = current;
    const given = message && { message, marks: marksOf(hub, message), stale, width };
    for (const part of parts) part.show(given);
  };
  current.on(show);
  hub.on("theme", show);
  new ResizeObserver(() => {
    const now = Math.floor(root.clientWidth);
    if (now === width) return;
    width = now;
    show();
  }).observe(root);
  return root;
}
