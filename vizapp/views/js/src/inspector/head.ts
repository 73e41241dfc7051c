/** Which node it is: name, value, role and place, and what can be done with it. */

import { h, number } from "../dom";
import type { Hub } from "../hub";
import { lockable } from "../locks";
import type { InspectionMessage } from "./messages";
import { type Pane, type Part, say, shown } from "./part";

export class Head implements Part {
  readonly root: HTMLElement;
  private readonly name = h("h2");
  private readonly value = h("span", { class: "value num", "data-number": "value" });
  private readonly role = h("p", { class: "role" });
  private readonly place = h("p", { class: "muted place" });
  private readonly empty = h("p", { class: "muted" }, "The pad is empty: these are its numbers for no ink at all.");
  private readonly pin = h("button", { type: "button", title: "Keep it for comparing with other nodes" }, "Pin");
  private readonly hub: Hub;
  private node = 0;

  /** `toggle` is told when tables are wanted instead of pictures, or not any more. */
  constructor(
    private readonly pane: Pane,
    toggle: () => void,
  ) {
    this.hub = pane.hub;
    this.pin.addEventListener("click", () => this.hub.send({ type: "pin", node: this.node, on: !this.pinned }));
    const how = h("button", { type: "button" }, "Show how this came about");
    how.addEventListener("click", () => this.hub.send({ type: "walk", kind: "forward", node: this.node }));
    const tables = h("button", { type: "button", "aria-pressed": "false", title: "Tables instead of pictures" }, "Tables");
    tables.addEventListener("click", () => {
      toggle();
      tables.setAttribute("aria-pressed", String(pane.tables));
    });
    const pin = lockable(this.hub, ["pins"], this.pin);
    const keys = h("div", { class: "keys" }, lockable(this.hub, ["walk"], how), pin, tables);
    this.root = h("div", { class: "head" }, h("div", { class: "title" }, this.name, this.value), this.role, this.place, this.empty, keys);
  }

  show(message: InspectionMessage): void {
    this.node = message.node;
    say(this.name, message.name);
    say(this.value, number(message.output));
    say(this.role, message.role);
    say(this.place, placeOf(message));
    shown(this.empty, message.empty);
    this.compared();
  }

  /** Pins have changed. */
  compared(): void {
    const text = this.pinned ? "Unpin" : "Pin";
    say(this.pin, text);
  }

  private get pinned(): boolean {
    return this.pane.compare?.pins.some(({ node }) => node === this.node) ?? false;
  }
}

function placeOf({ layer, place, field }: InspectionMessage): string {
  const { map, row, col, unit } = place;
  const where = [
    `Layer ${layer}`,
    ...(map === null ? [] : [`map ${map}`]),
    ...(row === null ? [] : [`row ${row}, column ${col}`]),
    ...(unit === null ? [] : [`unit ${unit}`]),
  ].join(", ");
  return `${where}. ${seen(field)}`;
}

function seen(field: InspectionMessage["field"]): string {
  if (!field) return "Outside the picture.";
  const { row0, row1, col0, col1 } = field;
  if (row1 - row0 === 28 && col1 - col0 === 28) return "Sees the whole picture.";
  if (row1 - row0 === 1 && col1 - col0 === 1) return `Pixel row ${row0}, column ${col0} of the picture.`;
  return `Sees rows ${row0}–${row1 - 1}, columns ${col0}–${col1 - 1} of the picture.`;
}
