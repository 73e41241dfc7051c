/** Which picture, and between which two classes. */

import { h } from "../dom";
import type { Hub } from "../hub";
import { shown } from "../inspector/part";
import { lockable } from "../locks";
import { radios } from "../radios";
import type { Settings } from "../wire";
import type { Part, Shown } from "./part";

const PICTURES = [
  ["drawing", "Drawing only", "Nothing lies over the drawing"],
  ["lrp", "LRP-ε", "Which ink speaks for either class, handed down layer by layer; follows the pen"],
  ["gradient", "Gradient × input", "Which ink speaks for either class, by the slope at this drawing; follows the pen"],
  ["integrated", "Integrated gradients", "Which ink speaks for either class, faded in from an empty sheet"],
  ["occlusion", "Occlusion", "What changes when a part of the drawing is wiped"],
  ["flip", "Smallest flip", "The least ink to add and to erase for another answer"],
  ["deconvolution", "Deconvolution", "The part of the drawing that the selected node sees; follows the pen"],
] as const;
const SPLITS = ["lrp", "gradient", "integrated", "occlusion"];

export class Choice implements Part {
  readonly root: HTMLElement;
  private readonly pictures;
  private readonly first: HTMLSelectElement;
  private readonly second: HTMLSelectElement;
  private readonly rival: HTMLSelectElement;
  private readonly rows: { classes: HTMLElement; rival: HTMLElement };

  constructor(private readonly hub: Hub) {
    const options = PICTURES.map(([value, label, title]) => ({ value, label, title }));
    this.pictures = radios("Shown on the pad", options, (value) => hub.send({ type: "set", name: "pad_shows", value }));
    this.first = classSelect((value) => hub.send({ type: "set", name: "for_class", value }));
    this.second = classSelect((value) => hub.send({ type: "set", name: "against_class", value }));
    this.rival = classSelect((value) => this.flipTo(value));
    this.rows = {
      classes: h("div", { class: "classes" }, field("For class", this.first), field("against class", this.second)),
      rival: h("div", { class: "classes" }, field("Flip the answer to", this.rival)),
    };
    this.root = h(
      "div",
      { class: "choices" },
      lockable(hub, ["pad_shows"], this.pictures.element),
      lockable(hub, ["for_class", "against_class"], this.rows.classes, this.rows.rival),
    );
    hub.on("settings", () => this.follow());
    hub.on("frame", () => this.follow());
    this.follow();
  }

  show(_: Shown | null): void {}

  private follow(): void {
    const { settings, frame } = this.hub;
    if (!settings) return;
    const { pad_shows, for_class, against_class } = settings;
    this.pictures.set(pad_shows);
    shown(this.rows.classes, SPLITS.includes(pad_shows));
    shown(this.rows.rival, pad_shows === "flip");
    const probabilities = frame?.probabilities ?? null;
    const order = probabilities && [...probabilities.keys()].sort((a, b) => probabilities[b] - probabilities[a]);
    const [first, second] = order ? contrastOf(settings, order) : [null, null];
    const auto = (guess: number | null): string => (guess === null ? "" : ` (${guess})`);
    fill(this.first, `first guess${auto(order && order[0])}`, for_class);
    fill(this.second, `second guess${auto(against_class === null ? second : null)}`, against_class);
    // Of the two classes in question, the one that is not the answer: see `Asked.rival`.
    const answer = order && order[0];
    const rival = second === answer ? first : second;
    const chosen = for_class === null && against_class === null ? null : rival;
    fill(this.rival, `the second guess${auto(chosen === null ? rival : null)}`, chosen);
    for (const option of this.rival.options) option.disabled = option.value !== "" && Number(option.value) === answer;
  }

  private flipTo(value: number | null): void {
    if (value === null && this.hub.settings?.for_class !== null) this.hub.send({ type: "set", name: "for_class", value: null });
    this.hub.send({ type: "set", name: "against_class", value });
  }
}

/** As `Explorer.contrast` has it, at once: a frame comes only with the next drawing. */
function contrastOf({ for_class, against_class }: Settings, order: number[]): [number, number] {
  const first = for_class ?? order[0];
  const other = order[0] === first ? order[1] : order[0];
  return [first, against_class === null || against_class === first ? other : against_class];
}

function classSelect(onpick: (value: number | null) => void): HTMLSelectElement {
  const digits = Array.from({ length: 10 }, (_, digit) => h("option", { value: digit }, String(digit)));
  const select: HTMLSelectElement = h(
    "select",
    { onchange: () => onpick(select.value === "" ? null : Number(select.value)) },
    h("option", { value: "" }),
    ...digits,
  );
  return select;
}

function fill(select: HTMLSelectElement, auto: string, value: number | null): void {
  const [first] = select.options;
  if (first.textContent !== auto) first.textContent = auto;
  const text = String(value ?? "");
  if (select.value !== text) select.value = text;
}

function field(label: string, control: HTMLElement): HTMLElement {
  // By the label around it, its name would be all its options.
  control.setAttribute("aria-label", label);
  return h("label", {}, h("span", { class: "muted" }, label), control);
}
