/** The first tab: how networks do on the test images, as they are and distorted. */

import { h } from "../dom";
import type { Hub } from "../hub";
import { Boxes, OneOf, same } from "./choices";
import type { BatchMessage } from "./messages";
import { Results } from "./results";
import { Steering } from "./steering";
import { count, isOver } from "./words";

const SAMPLE = 1000;
const LEAST = 100;

export class TableTab {
  readonly root: HTMLElement;
  private readonly networks: Boxes;
  private readonly cases: Boxes;
  private readonly images: OneOf<"all" | "sample">;
  private readonly number: HTMLInputElement;
  private readonly steering: Steering;
  private readonly results = new Results();
  private readonly choice: HTMLFieldSetElement;
  private message: BatchMessage | null = null;
  private busy = false;

  constructor(
    private readonly hub: Hub,
    networks: string[],
    cases: string[],
    private readonly total: number,
  ) {
    const changed = (): void => this.show();
    this.networks = new Boxes("Networks", networks.map((name) => [name, name.toUpperCase()]), changed);
    this.cases = new Boxes("The images are", cases.map((name) => [name, name === "clean" ? "as they are (clean)" : name]), changed, true);
    this.number = h("input", { type: "number", min: LEAST, max: total, step: 100, value: SAMPLE, "aria-label": "Images in the sample" });
    this.number.addEventListener("input", () => {
      this.images.chosen = "sample";
      this.show();
    });
    this.images = new OneOf(
      "Test images",
      [
        ["all", `All ${count(total)}`],
        ["sample", "A sample of", this.number],
      ],
      changed,
    );
    this.steering = new Steering(hub, "table", "Start", () => this.begin());
    this.choice = h("fieldset", { class: "choice", role: "presentation" }, this.networks.root, this.images.root, this.cases.root);
    this.root = h("div", {}, this.choice, this.steering.root, this.results.root, this.steering.files);
    this.show();
  }

  take(message: BatchMessage): void {
    // A page that came back shows what is at work, and not what it would choose itself.
    if (!this.message) this.put(message);
    this.message = message;
    this.results.show(message);
    this.show();
  }

  /** The other kind is at work. */
  wait(busy: boolean): void {
    this.busy = busy;
    this.show();
  }

  private put({ choice }: BatchMessage): void {
    this.networks.chosen = choice.networks;
    this.cases.chosen = choice.cases;
    this.images.chosen = choice.images === this.total ? "all" : "sample";
    if (choice.images !== this.total) this.number.value = String(choice.images);
  }

  private get count(): number {
    return this.images.chosen === "all" ? this.total : Number(this.number.value);
  }

  private get refusal(): string {
    if (!this.networks.chosen.length) return "Choose a network.";
    if (!this.cases.chosen.length) return "Choose a case.";
    const { count: images } = this;
    if (Number.isInteger(images) && images >= LEAST && images <= this.total) return "";
    return `A sample has ${LEAST} to ${count(this.total)} images.`;
  }

  private begin(): void {
    const { chosen: networks } = this.networks;
    this.hub.send({ type: "batch_start", kind: "table", networks, cases: this.cases.chosen, images: this.count });
  }

  private show(): void {
    const { message } = this;
    const fits =
      message !== null &&
      same(message.choice.networks, this.networks.chosen) &&
      same(message.choice.cases, this.cases.chosen) &&
      message.choice.images === this.count;
    this.choice.disabled = message !== null && !isOver(message);
    this.steering.update(message, fits, this.busy, this.refusal);
  }
}
