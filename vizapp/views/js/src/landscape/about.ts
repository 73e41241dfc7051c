/** What the map is and what it is not, with its numbers. */

import { h } from "../dom";
import type { LandscapeMessage } from "./messages";

export const HOW =
  "A click on a dot loads its image. Drag moves the map, or draws a box or a line around dots, whose images are listed below. " +
  "With the keyboard: arrows move the map, + and − zoom, 0 shows all of it, Enter loads what is nearest to the middle, Escape forgets the area.";

export class About {
  readonly root: HTMLElement;
  /** How much of it is in sight. */
  readonly line = h("p", { class: "in-sight num muted" });
  private readonly what = h("p", {});
  private readonly not = h("p", {});
  private map: LandscapeMessage | null = null;

  constructor() {
    this.root = h("details", { class: "about" }, h("summary", {}, "What this map is, and what not"), this.what, this.not, h("p", {}, HOW));
  }

  show(map: LandscapeMessage): void {
    this.map = map;
    const { nodes, layer } = map;
    this.what.textContent =
      map.method === "pca"
        ? `Every dot is a test image. Principal components (PCA) of the ${nodes} activations of ${layer}: the two directions in which the images differ most, whatever they are of; larger in the layer is larger here.`
        : `Every dot is a test image. Fisher’s linear discriminant (LDA) of the ${nodes} activations of ${layer}: the two directions that part the ten classes best. Made with the labels, it shows them further apart than they are.`;
    this.not.textContent = `Of ${nodes} dimensions two are left, with ${share(map)} of the variance: images that are neighbours here need not be neighbours in ${layer}, and the gaps between groups are not distances.`;
  }

  inSight(shown: number, of: number | null): void {
    if (!this.map) return;
    const which = of === null ? `of ${this.map.count.toLocaleString("en")}` : `${of}s`;
    this.line.textContent = `${shown.toLocaleString("en")} ${which} in sight · ${share(this.map)} of the variance`;
  }
}

function share(map: LandscapeMessage): string {
  return `${(100 * map.share).toFixed(1)} %`;
}
