/** The drawing as SVG: strokes are paths with round caps, erasers masks over what was drawn before them. */

import type { BokehDocument } from "./bokeh";
import { overlayContent } from "./explaining/overlay";
import type { Hub } from "./hub";
import { type DrawnStroke, INPUT_PIXELS, inkColour, type PadInk } from "./ink";
import { litImage } from "./lit";
import { offer, pixelImage, svgDocument } from "./pictures";
import { variedContent } from "./varied";

/** Eleven to each pixel of the network's input. */
const SIDE = 308;

export function offerPad(hub: Hub, document: BokehDocument, pad: PadInk): void {
  offer(hub, "pad", {
    svg: () => {
      const image = hub.ink?.image ? loaded(hub.ink.image) : "";
      const lit = litImage(document);
      const over = lit ? pixelImage(lit.rgba, INPUT_PIXELS, lit.x * SIDE, lit.y * SIDE, lit.side * SIDE, lit.side * SIDE) : "";
      return svgDocument(SIDE, SIDE, "Drawing", inked(image, pad.strokes) + over + variedContent(hub, SIDE) + overlayContent(hub, SIDE), inkColour(true));
    },
  });
}

function inked(image: string, strokes: DrawnStroke[]): string {
  let [content, masks] = [image, ""];
  for (let i = 0; i < strokes.length; ) {
    const { erase } = strokes[i];
    let paths = "";
    for (; i < strokes.length && strokes[i].erase === erase; i++) paths += path(strokes[i]);
    if (!erase) {
      content += `<g stroke="${inkColour()}">${paths}</g>`;
    } else if (content) {
      const id = `erased-${i}`;
      masks += `<mask id="${id}" maskUnits="userSpaceOnUse" x="0" y="0" width="${SIDE}" height="${SIDE}"><rect width="${SIDE}" height="${SIDE}" fill="#fff"/><g stroke="#000">${paths}</g></mask>`;
      content = `<g mask="url(#${id})">${content}</g>`;
    }
  }
  return `${masks ? `<defs>${masks}</defs>` : ""}<g fill="none" stroke-linecap="round" stroke-linejoin="round">${content}</g>`;
}

function path({ xs, ys, width }: DrawnStroke): string {
  const points = xs.map((x, i) => `${at(x)} ${at(ys[i])}`);
  return `<path d="M${points.join("L")}" stroke-width="${((width * SIDE) / INPUT_PIXELS).toFixed(2)}"/>`;
}

function at(share: number): string {
  return (share * SIDE).toFixed(2);
}

/** A loaded image is ink of every strength. */
function loaded(ink: Uint8Array): string {
  const colour = [1, 3, 5].map((i) => parseInt(inkColour().slice(i, i + 2), 16));
  const rgba = new Uint8ClampedArray(4 * ink.length);
  ink.forEach((strength, i) => rgba.set([...colour, strength], 4 * i));
  return pixelImage(rgba, INPUT_PIXELS, 0, 0, SIDE, SIDE);
}
