/** The confidence plot as a figure for a paper: title, axes, lines, and a legend that says what is what. */

import type { Hub } from "../hub";
import { escaped, offer, svgDocument } from "../pictures";
import { draw } from "./axes";
import type { Confidence } from "./confidence";
import { colourOf, dashOf, mark, markOf, pairOf } from "./palette";
import type { Sheet } from "./sheet";
import { isRange } from "./words";

const MARGIN = 16;
const [TITLE, LINE] = [28, 18];

export function offerFigure(hub: Hub, sheet: Sheet, curve: Confidence): void {
  offer(hub, "timeline", {
    svg: () => {
      const { drawn: plot } = curve;
      if (!sheet.head || !plot.width) throw new Error("Put a morph or a range on the timeline first.");
      const legend = legendOf(hub, sheet, curve.classes);
      const columns = Math.max(1, Math.floor(plot.width / 150));
      const rows = Math.ceil(legend.length / columns);
      const copy = plot.svg.cloneNode(true) as SVGElement;
      for (const element of copy.querySelectorAll(".cursor-mark, .dot")) element.remove();
      inline(plot.svg, copy);
      const keys = legend.map(({ sign, text }, i) => {
        const [x, y] = [MARGIN + 30 + (i % columns) * 150, TITLE + plot.height + 24 + Math.floor(i / columns) * LINE];
        return `<g transform="translate(${x} ${y})">${sign}<text x="34" y="4">${escaped(text)}</text></g>`;
      });
      const [width, height] = [plot.width + 2 * MARGIN, TITLE + plot.height + 24 + rows * LINE];
      const ink = variable("--ink");
      const body =
        `<g font-family="Helvetica, Arial, sans-serif" font-size="12" fill="${ink}"><text x="${MARGIN}" y="20" font-size="14" font-weight="600">${escaped(titleOf(hub, sheet))}</text>` +
        `<g transform="translate(${MARGIN} ${TITLE})">${new XMLSerializer().serializeToString(copy)}</g>${keys.join("")}</g>`;
      return svgDocument(width, height, titleOf(hub, sheet), resolved(body));
    },
  });
}

function titleOf(hub: Hub, { head, focus }: Sheet): string {
  const network = hub.network?.title ?? "";
  if (!head) return network;
  if (isRange(head)) return `${network}: confidence along ${head.axis.label}`;
  const pair = focus ? ` from ${focus.readouts.first} to ${focus.readouts.last}` : "";
  return `${network}: confidence on the way${pair}${head.kind === "hand" ? ", by hand" : ""}`;
}

function legendOf(hub: Hub, sheet: Sheet, classes: number[]): { sign: string; text: string }[] {
  const pair = pairOf(sheet.focus);
  const own = hub.network?.name;
  const stroke = (colour: string, dash: string): string => `<path d="M0 0H28" stroke="${colour}" stroke-width="2" stroke-dasharray="${dash}" fill="none"/>`;
  const found = [...classes].reverse().flatMap((label) => (pair?.includes(label) ? [{ sign: stroke(colourOf(label, pair), ""), text: `p(${label})` }] : []));
  if (classes.length > 2) found.push({ sign: stroke("var(--muted)", ""), text: "other classes" });
  if (sheet.ways.length > 1) {
    for (const way of (sheet.head?.ways ?? []).map(({ name }) => name).filter((name) => sheet.ways.includes(name))) {
      const sign = markOf(way) === null ? "" : new XMLSerializer().serializeToString(draw("g", {}, mark(way, 14, 0, "var(--muted)")));
      found.push({ sign: stroke("var(--muted)", "") + sign, text: sheet.head?.ways.find(({ name }) => name === way)?.label ?? way });
    }
  }
  const networks = new Set(sheet.shown.map(({ network }) => network));
  if (networks.size > 1) for (const network of networks) found.push({ sign: stroke("var(--muted)", dashOf(network, own)), text: network });
  return found;
}

const STYLES = ["fill", "stroke", "stroke-width", "stroke-dasharray", "stroke-linejoin", "opacity", "font-size", "font-weight", "shape-rendering"];

/** What the style sheet says, written into a copy: a file has no style sheet. */
function inline(from: Element, to: Element): void {
  const style = getComputedStyle(from);
  to.setAttribute("style", STYLES.map((name) => `${name}: ${style.getPropertyValue(name)}`).join("; "));
  [...from.children].filter((child) => !child.matches(".cursor-mark") && !child.matches(".dot")).forEach((child, i) => to.children[i] && inline(child, to.children[i]));
}

function variable(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/** Colours of the page's variables, as they are now. */
function resolved(text: string): string {
  return text.replace(/var\((--[\w-]+)\)/g, (_, name: string) => variable(name));
}
