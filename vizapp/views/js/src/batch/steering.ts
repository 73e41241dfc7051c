/** Start, progress, cancel, going on, and the results as files: the same for every kind of measurement. */

import { h } from "../dom";
import type { Hub } from "../hub";
import type { BatchKind, BatchMessage, FileForm } from "./messages";
import { isOver, progressWords } from "./words";

const FORMS: [FileForm, string][] = [
  ["csv", "Save as CSV"],
  ["parquet", "Save as Parquet"],
];

export class Steering {
  readonly root: HTMLElement;
  /** Under the results. */
  readonly files: HTMLElement;
  private readonly start = h("button", { type: "button", class: "primary", onclick: () => this.begin() });
  private readonly cancel = h("button", { type: "button", onclick: () => this.stop() }, "Cancel");
  private readonly bar = h("progress", { max: 1, value: 0 });
  private readonly words = h("span", { class: "num" });
  private readonly said = h("span", { class: "visually-hidden", role: "status" });
  private readonly savers: HTMLButtonElement[];
  private message: BatchMessage | null = null;
  /** The other kind is being measured. */
  private busy = false;
  private refusal = "";
  private fits = false;

  constructor(
    private readonly hub: Hub,
    private readonly kind: BatchKind,
    private readonly verb: string,
    private readonly begin: () => void,
  ) {
    this.bar.setAttribute("aria-label", "Progress");
    this.savers = FORMS.map(([form, label]) =>
      h("button", { type: "button", onclick: () => hub.send({ type: "batch_save", kind, form }) }, label),
    );
    this.root = h("div", { class: "steering" }, this.start, this.cancel, this.bar, this.words, this.said);
    this.files = h("div", { class: "files" }, ...this.savers);
    this.show();
  }

  /** `fits`: it is of what is chosen now. `refusal`: why what is chosen cannot be measured. */
  update(message: BatchMessage | null, fits: boolean, busy: boolean, refusal: string): void {
    if (message && message.state !== this.message?.state) this.said.textContent = progressWords(message);
    Object.assign(this, { message, fits, busy, refusal });
    this.show();
  }

  private show(): void {
    const { message } = this;
    const running = message !== null && !isOver(message);
    const partly = message !== null && isOver(message) && this.fits && message.done > 0 && message.done < message.total;
    this.start.textContent = partly ? "Go on" : this.verb;
    this.start.disabled = running || this.busy || this.refusal !== "";
    // Who pressed it keeps the focus in the dialog.
    if (running && this.start.matches(":focus")) queueMicrotask(() => this.cancel.focus());
    if (!running && this.cancel.matches(":focus")) queueMicrotask(() => this.start.focus());
    this.cancel.hidden = !running;
    // A button that is disabled loses the focus, and then it would not come to the one for starting.
    this.cancel.setAttribute("aria-disabled", String(message?.state === "stopping"));
    this.bar.hidden = !running;
    if (message) this.bar.value = message.total ? message.done / message.total : 0;
    const words = message && (running || !this.refusal) ? progressWords(message) : "";
    this.words.textContent = this.refusal && !running ? this.refusal : this.busy ? "The other measurement is still at work." : words;
    this.files.hidden = !message?.done;
  }

  private stop(): void {
    if (this.message?.state !== "stopping") this.hub.send({ type: "batch_stop", kind: this.kind });
  }
}
