/** What is measured: groups of boxes to tick, and one of several. */

import { h } from "../dom";

export class Boxes {
  readonly root: HTMLFieldSetElement;
  private readonly boxes: [string, HTMLInputElement][];

  constructor(legend: string, options: [string, string][], changed: () => void, many = false) {
    this.boxes = options.map(([value]) => [value, h("input", { type: "checkbox", checked: true, onchange: changed })]);
    const all = (checked: boolean): HTMLElement =>
      h("button", { type: "button", class: "small", onclick: () => this.tick(checked, changed) }, checked ? "All" : "None");
    this.root = h(
      "fieldset",
      {},
      h("legend", {}, legend),
      h(
        "div",
        { class: many ? "boxes many" : "boxes" },
        ...this.boxes.map(([, box], i) => ticked(box, options[i][1])),
        ...(many ? [h("div", { class: "all" }, all(true), all(false))] : []),
      ),
    );
  }

  get chosen(): string[] {
    return this.boxes.filter(([, box]) => box.checked).map(([value]) => value);
  }

  set chosen(values: string[]) {
    for (const [value, box] of this.boxes) box.checked = values.includes(value);
  }

  private tick(checked: boolean, changed: () => void): void {
    for (const [, box] of this.boxes) box.checked = checked;
    changed();
  }
}

let groups = 0;

/** One of several, each with what belongs to it. */
export class OneOf<T extends string> {
  readonly root: HTMLFieldSetElement;
  private readonly radios: [T, HTMLInputElement][];

  constructor(legend: string, options: [T, string, ...HTMLElement[]][], changed: () => void) {
    const name = `batch-${groups++}`;
    this.radios = options.map(([value], i) => [value, h("input", { type: "radio", name, checked: i === 0, onchange: changed })]);
    const lines = options.map(([, text, ...more], i) => h("div", { class: "line" }, ticked(this.radios[i][1], text), ...more));
    this.root = h("fieldset", {}, h("legend", {}, legend), h("div", { class: "boxes" }, ...lines));
  }

  get chosen(): T {
    return this.radios.find(([, radio]) => radio.checked)![0];
  }

  set chosen(value: T) {
    for (const [each, radio] of this.radios) radio.checked = each === value;
  }
}

function ticked(box: HTMLInputElement, text: string): HTMLElement {
  return h("label", { class: "toggle" }, box, h("span", {}, text));
}

export function same(one: string[], other: string[]): boolean {
  return one.length === other.length && one.every((value) => other.includes(value));
}
