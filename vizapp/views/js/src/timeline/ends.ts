/** The two ends of a morph: their pictures, and what can be put there instead. */

import { h } from "../dom";
import { Gallery } from "../gallery";
import type { Hub } from "../hub";
import { popover } from "../popover";
import type { DrawingName, EndPicture } from "./messages";
import type { Sheet } from "./sheet";
import { paint, thumb } from "./thumb";

type Picked = (name: DrawingName) => void;

/** Panels in which a drawing is chosen, and the one dialog of examples that they share. */
export class EndChoice {
  readonly dialog: HTMLElement;
  private readonly gallery: Gallery;
  private picked: Picked = () => {};

  constructor(hub: Hub) {
    this.gallery = new Gallery(hub, "A drawing or a test image", ({ source, index }) => this.picked({ source: source as DrawingName["source"], index }));
    this.dialog = this.gallery.element;
  }

  /** A button that opens such a panel; `present`: the drawing on the pad can be chosen. */
  open(name: string | HTMLElement, title: string, picked: Picked, present = true): HTMLDetailsElement {
    const pick = (choice: DrawingName): void => {
      details.open = false;
      picked(choice);
    };
    const button = (text: string, choice: DrawingName): HTMLElement => h("button", { type: "button", onclick: () => pick(choice) }, text);
    const digits = Array.from({ length: 10 }, (_, index) => {
      const digit = button(String(index), { source: "digit", index });
      digit.setAttribute("aria-label", `A drawn ${index}`);
      return digit;
    });
    const more = h(
      "button",
      {
        type: "button",
        onclick: () => {
          details.open = false;
          this.picked = picked;
          this.gallery.open();
        },
      },
      "A sample or a test image…",
    );
    const panel = h(
      "div",
      { class: "popover end-choice" },
      h("p", {}, title),
      h("div", { class: "digits", role: "group", "aria-label": "A drawn digit" }, ...digits),
      ...(present ? [button("The drawing on the pad", { source: "present" })] : []),
      button("The drawing kept as reference", { source: "kept" }),
      more,
    );
    const summary = h("summary", { class: "button" }, name);
    const details = popover(summary, panel, { aside: false });
    details.classList.add("end");
    return details;
  }
}

/** Start and end side by side, with what swaps them. */
export class Ends {
  readonly element: HTMLElement;
  private readonly pictures: Record<"start" | "end", { canvas: HTMLCanvasElement; summary: HTMLElement; shown: Uint8Array | null }>;

  constructor(
    hub: Hub,
    private readonly sheet: Sheet,
    choice: EndChoice,
  ) {
    const put = (ends: { start?: DrawingName; end?: DrawingName }): void => hub.inOrder({ type: "sweep", kind: "morph", ...ends });
    const make = (end: "start" | "end"): { details: HTMLElement; canvas: HTMLCanvasElement; summary: HTMLElement; shown: null } => {
      const canvas = thumb();
      const details = choice.open(canvas, end === "start" ? "The morph starts from …" : "The morph ends in …", (name) => put({ [end]: name }));
      return { details, canvas, summary: details.querySelector("summary")!, shown: null };
    };
    const [start, end] = [make("start"), make("end")];
    this.pictures = { start, end };
    const swap = h("button", { type: "button", title: "Swap start and end", "aria-label": "Swap start and end", onclick: () => put({ start: { source: "end" }, end: { source: "start" } }) }, "⇄");
    this.element = h("div", { class: "ends", role: "group", "aria-label": "Ends of the morph" }, start.details, h("span", { "aria-hidden": "true" }, "→"), end.details, swap);
    hub.on("theme", () => {
      for (const { canvas, shown } of Object.values(this.pictures)) paint(canvas, shown);
    });
  }

  show(): void {
    const { head } = this.sheet;
    if (!head) return;
    this.put("start", head.start);
    this.put("end", head.end);
  }

  private put(end: "start" | "end", picture: EndPicture | null): void {
    const part = this.pictures[end];
    part.shown = picture?.image ?? null;
    paint(part.canvas, part.shown);
    const what = !picture?.image.some((byte) => byte > 0) ? "nothing yet" : picture.drawn ? "a drawing" : "an image";
    const words = `${end === "start" ? "Start" : "End"}: ${what}; choose another`;
    if (part.summary.title === words) return;
    part.summary.title = words;
    part.summary.setAttribute("aria-label", words);
  }
}
