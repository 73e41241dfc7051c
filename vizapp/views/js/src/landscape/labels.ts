/** The classes' names where most of their images are. */

import { isDark } from "../dom";
import type { LandscapeMessage } from "./messages";
import type { Inks } from "./trail";
import type { MapView, Place } from "./view";

const SIDE = 17;
const FONT = "600 12px Inter, 'Segoe UI', system-ui, Roboto, sans-serif";

export interface Label {
  digit: number;
  at: Place;
  /** The colour of its class, where colours mean classes. */
  colour: string | null;
}

/** Pushed apart where they would lie upon each other, one after another; those out of sight are left out. */
export function labels(map: LandscapeMessage, view: MapView, colour: string): Label[] {
  const found: Label[] = [];
  const colours = colour === "class" ? map.colours.class[isDark() ? "dark" : "light"] : null;
  for (let digit = 0; digit < 10; digit++) {
    const [x, y] = view.px([map.centres[2 * digit], map.centres[2 * digit + 1]]);
    if (x < 0 || y < 0 || x > view.width || y > view.height) continue;
    found.push({ digit, at: free(found, [x, y]), colour: colours?.[digit] ?? null });
  }
  return found;
}

function free(others: Label[], [x, y]: Place): Place {
  const clashes = (px: number, py: number): boolean =>
    others.some(({ at }) => Math.abs(at[0] - px) < SIDE && Math.abs(at[1] - py) < SIDE);
  for (let ring = 0; ring < 6; ring++) {
    for (let step = 0; step < 8; step++) {
      const angle = (step * Math.PI) / 4;
      const [px, py] = [x + ring * 9 * Math.cos(angle), y + ring * 9 * Math.sin(angle)];
      if (!clashes(px, py)) return [px, py];
    }
  }
  return [x, y];
}

export function drawLabels(context: CanvasRenderingContext2D, shown: Label[], inks: Inks): void {
  context.font = FONT;
  context.textAlign = "center";
  context.textBaseline = "middle";
  for (const { digit, at: [x, y], colour } of shown) {
    context.fillStyle = inks.paper;
    context.strokeStyle = colour ?? inks.ink;
    context.lineWidth = colour ? 2.5 : 1;
    context.beginPath();
    context.roundRect(x - SIDE / 2, y - SIDE / 2, SIDE, SIDE, 4);
    context.fill();
    context.stroke();
    context.fillStyle = inks.ink;
    context.fillText(String(digit), x, y + 0.5);
  }
}

export function labelsSvg(shown: Label[], inks: Inks): string {
  return shown
    .map(({ digit, at: [x, y], colour }) => {
      const box = `x="${x - SIDE / 2}" y="${y - SIDE / 2}" width="${SIDE}" height="${SIDE}" rx="4"`;
      const rim = `fill="${inks.paper}" stroke="${colour ?? inks.ink}" stroke-width="${colour ? 2.5 : 1}"`;
      const text = `x="${x}" y="${y + 4.5}" text-anchor="middle" font-family="sans-serif" font-size="12" font-weight="600" fill="${inks.ink}"`;
      return `<rect ${box} ${rim}/><text ${text}>${digit}</text>`;
    })
    .join("");
}
