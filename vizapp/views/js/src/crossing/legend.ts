/** The legend of a map: the answers that there are in it, and what lightness says. */

import { h, isDark } from "../dom";
import type { CrossingMessage } from "./messages";

const STEPS = ["100 %", "55 %", "10 %"];

export class MapLegend {
  readonly element = h("div", { class: "map-legend" });

  show(map: CrossingMessage): void {
    const counts = new Map<number, number>();
    for (const answer of map.answers) counts.set(answer, (counts.get(answer) ?? 0) + 1);
    const found = [...counts.keys()].sort((a, b) => counts.get(b)! - counts.get(a)!);
    const colour = (answer: number, level: number): string => {
      const at = 4 * (1 + answer * map.levels + level);
      const [r, g, b] = map.palette[isDark() ? "dark" : "light"].subarray(at, at + 3);
      return `rgb(${r} ${g} ${b})`;
    };
    const list = h("ul", { "aria-label": "Answers on the map" });
    for (const answer of found) {
      const swatch = h("i", { "aria-hidden": "true" });
      swatch.style.background = colour(answer, map.levels - 1);
      list.append(h("li", {}, swatch, String(answer)));
    }
    const bar = h("div", { class: "ramp", role: "img", "aria-label": "Lightness: the largest probability, from 10 to 100 %" });
    const stops = Array.from({ length: map.levels }, (_, level) => colour(found[0], level));
    bar.style.background = `linear-gradient(to top, ${stops.join(", ")})`;
    const ticks = h("div", { class: "ticks", "aria-hidden": "true" }, ...STEPS.map((text) => h("span", {}, text)));
    const sure = h("div", { class: "sure", title: "How sure: the largest probability" }, bar, ticks);
    const parts: HTMLElement[] = [list, sure];
    if (map.second.neutral !== null) parts.push(h("div", { class: "as-drawn" }, map.first.neutral === null ? "╌ as it is" : "◇ as drawn"));
    this.element.replaceChildren(...parts);
  }
}
