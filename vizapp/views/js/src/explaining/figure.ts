/** The enlarged picture with its legend, to take away. */

import { h, number } from "../dom";
import type { Hub } from "../hub";
import { escaped, fileName, offer, picture, pixelImage, save, svgDocument } from "../pictures";
import { currentOf } from "./current";
import { coloured, marksOf, SIDE } from "./marks";
import { linesOf, titleOf } from "./overlay";
import type { Part, Shown } from "./part";

const [CELL, MARGIN, LINE] = [12, 16, 20];
const NAME = "explained";

export class Figure implements Part {
  readonly root: HTMLElement;

  constructor(private readonly hub: Hub) {
    const buttons = (["png", "svg"] as const).map((kind) =>
      h("button", { type: "button", title: `Save this picture as ${kind.toUpperCase()}`, onclick: () => void this.save(kind) }, kind.toUpperCase()),
    );
    this.root = h("div", { class: "files", role: "group", "aria-label": "Save this picture" }, h("span", { class: "muted" }, "Picture"), ...buttons);
    offer(hub, NAME, { svg: () => drawn(hub) });
  }

  show(given: Shown | null): void {
    this.root.hidden = !given?.marks;
  }

  private async save(kind: "png" | "svg"): Promise<void> {
    try {
      save(await picture(this.hub, NAME, kind), fileName(this.hub, NAME, kind));
    } catch (error) {
      const text = error instanceof Error && error.message ? error.message : "The picture could not be made.";
      this.hub.emit("notice", { type: "notice", level: "error", text });
    }
  }
}

function drawn(hub: Hub): ReturnType<typeof svgDocument> {
  const { message } = currentOf(hub);
  const marks = message && marksOf(hub, message);
  if (!message?.values || !marks) throw new Error("There is no picture to take here yet.");
  const style = getComputedStyle(document.documentElement);
  const side = SIDE * CELL;
  const [left, top] = [MARGIN, MARGIN + LINE];
  const most = number(Number(marks.ramp.scale));
  const bar = new Uint8ClampedArray(marks.ramp.table.slice(1).buffer);
  const text = (x: number, y: number, anchor: string, words: string): string => `<text x="${x}" y="${y}" text-anchor="${anchor}">${escaped(words)}</text>`;
  const below = top + side + 26;
  const content =
    `<g font-family="${escaped(style.getPropertyValue("--font").trim())}" font-size="13" fill="${style.getPropertyValue("--ink").trim()}">` +
    text(left, MARGIN + 10, "start", titleOf(message, false)) +
    text(left, below, "start", `${marks.low} −${most}`) +
    text(left + side / 2, below, "middle", "0") +
    text(left + side, below, "end", `${marks.high} +${most}`) +
    "</g>" +
    pixelImage(coloured(marks, message.values, false), SIDE, left, top, side, side) +
    linesOf(marks, left, top, CELL) +
    pixelImage(bar, 255, left, top + side + 4, side, 6);
  return svgDocument(side + 2 * MARGIN, below + MARGIN, titleOf(message, false), content);
}
