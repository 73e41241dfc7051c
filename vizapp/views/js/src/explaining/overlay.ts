/** The picture that explains the answer, over the drawing on the pad and just where the network sees its pixels. */

import { h } from "../dom";
import type { Hub } from "../hub";
import { say } from "../inspector/part";
import { lockable } from "../locks";
import { pixelImage } from "../pictures";
import { currentOf } from "./current";
import { Legend } from "./legend";
import { coloured, type Marks, marksOf, SIDE } from "./marks";
import type { ExplanationMessage } from "./messages";

const SVG = "http://www.w3.org/2000/svg";
/** Of the pad, what the legend takes. */
const [REACH, RISE] = [0.65, 0.18];
/** Corners, right and above; in the fourth is the button. */
const CORNERS: [boolean, boolean][] = [
  [false, false],
  [true, false],
  [false, true],
];
/** Of full ink, and of the largest value. */
const FAINT = 0.1;
const LINES = ["outline", "plus", "minus"] as const;

export function explainOnPad(hub: Hub, figure: HTMLElement): void {
  const current = currentOf(hub);
  const canvas = h("canvas", { width: SIDE, height: SIDE });
  const context = canvas.getContext("2d")!;
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", `0 0 ${SIDE} ${SIDE}`);
  const paths = LINES.map((name) => {
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("class", name);
    svg.append(path);
    return path;
  });
  const frame = h("div", { class: "frame" }, canvas, svg);
  const legend = new Legend();
  const name = h("p", { class: "name" });
  const close = h(
    "button",
    { type: "button", class: "close", title: "Show the drawing only", "aria-label": "Show the drawing only", onclick: () => hub.send({ type: "set", name: "pad_shows", value: "drawing" }) },
    "×",
  );
  const about = h("div", { class: "about" }, name, legend.root);
  const root = h("div", { class: "v-explained", hidden: true, "data-testid": "explained" }, h("div", { "aria-hidden": "true" }, frame, about), lockable(hub, ["pad_shows"], close));
  figure.append(root);

  const show = (): void => {
    const { message, stale } = current;
    const marks = message && marksOf(hub, message);
    const place = message?.frame;
    root.hidden = !marks || !place;
    if (!message?.values || !marks || !place) return;
    root.classList.toggle("stale", stale);
    const [left, top, side] = place.map((share) => `${100 * share}%`);
    Object.assign(frame.style, { left, top, width: side, height: side });
    const image = context.createImageData(SIDE, SIDE);
    image.data.set(coloured(marks, message.values, true));
    context.putImageData(image, 0, 0);
    [marks.outline, marks.signs.plus, marks.signs.minus].forEach((path, i) => paths[i].setAttribute("d", path));
    say(name, titleOf(message, stale));
    legend.show(marks);
    moveAside(about, message, place, Number(marks.ramp.scale));
  };
  current.on(show);
  hub.on("theme", show);
}

/** To the corner where it covers least; where it is, as long as it covers nothing. */
function moveAside(legend: HTMLElement, { ink, values, varied }: ExplanationMessage, [left, top, side]: [number, number, number], scale: number): void {
  const covered = (right: boolean, above: boolean): number => {
    // Below stands what was done to the drawing.
    let sum = varied !== null && !above ? 2 * SIDE * SIDE : 0;
    ink.forEach((value, i) => {
      const x = left + (((i % SIDE) + 0.5) / SIDE) * side;
      const y = top + ((Math.floor(i / SIDE) + 0.5) / SIDE) * side;
      if ((right ? x < 1 - REACH : x > REACH) || (above ? y > RISE : y < 1 - RISE)) return;
      if (value > FAINT) sum += 1;
      else if (Math.abs(values?.[i] ?? 0) > FAINT * scale) sum += 0.1;
    });
    return sum;
  };
  const { classList } = legend;
  let [right, above] = [classList.contains("right"), classList.contains("top")];
  let least = covered(right, above);
  for (const [other, higher] of least ? CORNERS : []) {
    const sum = covered(other, higher);
    if (sum < least) [right, above, least] = [other, higher, sum];
  }
  classList.toggle("right", right);
  classList.toggle("top", above);
}

/** "LRP-ε: 2 against 1", with the moment that it is of. */
export function titleOf({ about, classes, flip, node }: ExplanationMessage, stale: boolean): string {
  const what = flip ? `to ${flip.rival}` : node ? node.name : `${classes[0]} against ${classes[1]}`;
  return `${about.label[0].toUpperCase()}${about.label.slice(1)}: ${what}${stale ? ", as of the last rest" : ""}`;
}

/** What lies over the drawing now, for a picture of the pad whose side is `side`. */
export function overlayContent(hub: Hub, side: number): string {
  const { message } = currentOf(hub);
  const marks = message && marksOf(hub, message);
  if (!message?.values || !message.frame || !marks) return "";
  const [x, y, width] = message.frame.map((share) => share * side);
  return pixelImage(coloured(marks, message.values, true), SIDE, x, y, width, width) + linesOf(marks, x, y, width / SIDE);
}

/** The outline and the signs as SVG, for a picture to take away; `cell` is a pixel's side. */
export function linesOf({ outline, signs }: Marks, x: number, y: number, cell: number): string {
  const style = getComputedStyle(document.documentElement);
  const ink = style.getPropertyValue("--ink").trim();
  const line = (path: string, width: number): string => (path ? `<path d="${path}" stroke-width="${width / cell}"/>` : "");
  const place = `transform="translate(${x} ${y}) scale(${cell})"`;
  return `<g ${place} fill="none" stroke="${ink}">${line(outline, 1.5)}${line(signs.plus + signs.minus, 1)}</g>`;
}
