/** A reliability diagram: how many answers of a given confidence are right, and how many there are. */

import { label } from "../inspector/part";
import type { Bins } from "./messages";

const SVG = "http://www.w3.org/2000/svg";
const WIDTH = 280;
const HEIGHT = 322;
/** The square of shares, and under it the strip of counts. */
const [LEFT, RIGHT, TOP, BOTTOM] = [44, 270, 8, 214];
const [STRIP_TOP, STRIP_BOTTOM] = [228, 284];
/** The strip is logarithmic: most images are in the last bin. */
const MOST_COUNT = 10_000;

const across = (share: number): number => LEFT + share * (RIGHT - LEFT);
const up = (share: number): number => BOTTOM - share * (BOTTOM - TOP);
const tall = (count: number): number => STRIP_BOTTOM - (Math.log10(count + 1) / Math.log10(MOST_COUNT + 1)) * (STRIP_BOTTOM - STRIP_TOP);

export function diagram(edges: number[], bins: Bins, name: string): SVGSVGElement {
  const svg = part("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, width: WIDTH, height: HEIGHT, role: "img" });
  label(svg, described(edges, bins, name));
  svg.append(...axes(), path("diagonal", `M${across(0)} ${up(0)}L${across(1)} ${up(1)}`));
  edges.slice(1).forEach((right, i) => {
    const left = edges[i];
    const { count, confidence, accuracy, low, high } = Object.fromEntries(
      (["count", "confidence", "accuracy", "low", "high"] as const).map((key) => [key, bins[key][i]]),
    );
    if (!count) return;
    const [x, width] = [across(left) + 1, across(right) - across(left) - 2];
    svg.append(part("rect", { class: "count", x, y: tall(count), width, height: STRIP_BOTTOM - tall(count) }));
    if (confidence === null || accuracy === null || low === null || high === null) return;
    svg.append(path("interval", `M${across(confidence)} ${up(low)}V${up(high)}m-3 0h6m-3 ${up(low) - up(high)}m-3 0h6`));
    svg.append(part("circle", { class: "point", cx: across(confidence), cy: up(accuracy), r: 3.5 }));
  });
  return svg;
}

function axes(): SVGElement[] {
  const shares = [0, 0.25, 0.5, 0.75, 1];
  const counts = [1, 10, 100, 1000];
  return [
    path("grid", shares.map((share) => `M${LEFT} ${up(share)}H${RIGHT}M${across(share)} ${TOP}V${BOTTOM}`).join("")),
    path("grid", counts.map((count) => `M${LEFT} ${tall(count)}H${RIGHT}`).join("")),
    path("axis", `M${LEFT} ${TOP}V${BOTTOM}H${RIGHT}M${LEFT} ${STRIP_TOP}V${STRIP_BOTTOM}H${RIGHT}`),
    ...shares.map((share) => text(String(100 * share), LEFT - 5, up(share) + 4, "end")),
    ...[1, 100].map((count) => text(String(count), LEFT - 5, tall(count) + 4, "end")),
    ...shares.map((share) => text(String(100 * share), across(share), STRIP_BOTTOM + 14, "middle")),
    text("probability of the answer, %", across(0.5), HEIGHT - 8, "middle"),
    upright("right, %", (TOP + BOTTOM) / 2),
    upright("images", (STRIP_TOP + STRIP_BOTTOM) / 2),
  ];
}

/** What it shows, for whoever does not see it; the table has the numbers. */
function described(edges: number[], { count, accuracy, confidence, ece }: Bins, name: string): string {
  const last = count.length - 1;
  const parts = count.flatMap((images, i) => {
    const [right, sure] = [accuracy[i], confidence[i]];
    if (right === null || sure === null) return [];
    const range = `${Math.round(100 * edges[i])} to ${Math.round(100 * edges[i + 1])} %`;
    return [`${range}: ${Math.round(100 * right)} % right of ${images.toLocaleString("en")}, at ${Math.round(100 * sure)} % on average`];
  });
  return `${name}: expected calibration error ${(100 * ece).toFixed(2)} %; ${count[last].toLocaleString("en")} images in the last bin. ${parts.join("; ")}.`;
}

function part<K extends keyof SVGElementTagNameMap>(tag: K, attributes: Record<string, string | number>): SVGElementTagNameMap[K] {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  return element;
}

function path(name: string, d: string): SVGElement {
  return part("path", { class: name, d });
}

function text(words: string, x: number, y: number, anchor: string): SVGElement {
  const element = part("text", { x, y, "text-anchor": anchor });
  element.textContent = words;
  return element;
}

function upright(words: string, y: number): SVGElement {
  const element = text(words, 0, 0, "middle");
  element.setAttribute("transform", `translate(12 ${y}) rotate(-90)`);
  return element;
}
