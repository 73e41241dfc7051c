/** Whole test sets and folders of images: measured in the background, with progress. */

import { RankingTab } from "./batch/ranking";
import type { BatchKind, BatchMessage } from "./batch/messages";
import { TableTab } from "./batch/table";
import { isOver, shortWords } from "./batch/words";
import type { Props } from "./bokeh";
import { h } from "./dom";
import { type Hub, hubOf } from "./hub";
import { save } from "./pictures";

interface Offer {
  networks: string[];
  cases: string[];
  test_images: number;
  most_given: number;
  most_bytes: number;
  offered: boolean;
}

const OFF = "Whoever runs this server has switched long measurements off.";

export function render({ model, view }: Props): HTMLElement {
  const offer = model as unknown as Offer;
  if (!offer.offered) {
    return h("div", { class: "v-batch" }, h("button", { type: "button", disabled: true, title: OFF }, "Robustness: off on this server"));
  }
  const batch = new Batch(hubOf(view.model.document), offer);
  return h("div", { class: "v-batch" }, batch.button, batch.dialog);
}

class Batch {
  readonly button = h("button", { type: "button", onclick: () => this.open() });
  readonly dialog: HTMLDialogElement;
  private readonly problem = h("p", { class: "problem", role: "status" });
  private readonly tabs: Record<BatchKind, TableTab | RankingTab>;
  private readonly ranking: RankingTab;
  private readonly heads: [BatchKind, HTMLButtonElement][];
  private readonly messages: Partial<Record<BatchKind, BatchMessage>> = {};
  /** The dialog was open since the last measurement came to its end. */
  private seen = true;

  constructor(hub: Hub, offer: Offer) {
    const { networks, cases, test_images: total, most_given: most, most_bytes: bytes } = offer;
    this.ranking = new RankingTab(hub, networks, total, { most, bytes }, () => this.dialog.close());
    this.tabs = { table: new TableTab(hub, networks, cases, total), ranking: this.ranking };
    const titles: [BatchKind, string][] = [
      ["table", "Test images, distorted"],
      ["ranking", "Images by ambiguity"],
    ];
    this.heads = titles.map(([kind, title]) => [kind, h("button", { type: "button", onclick: () => this.choose(kind) }, title)]);
    this.dialog = this.build();
    this.choose("table");
    this.label();
    hub.on("batch", (message) => this.take(message));
    hub.on("batch_problem", ({ text }) => (this.problem.textContent = text));
    hub.on("batch_file", ({ name, mime, data }) => {
      this.problem.textContent = "";
      save(new Blob([data as Uint8Array<ArrayBuffer>], { type: mime }), name);
    });
  }

  private build(): HTMLDialogElement {
    const close = h("button", { type: "button", class: "close", "aria-label": "Close", onclick: () => dialog.close() }, "×");
    const dialog = h(
      "dialog",
      { "aria-label": "Robustness" },
      h("div", { class: "head" }, h("h2", {}, "Robustness"), close),
      h("div", { class: "tabs" }, ...this.heads.map(([, head]) => head)),
      this.tabs.table.root,
      this.tabs.ranking.root,
      this.problem,
    );
    dialog.addEventListener("click", (event) => {
      if (event.composedPath()[0] === dialog) dialog.close();
    });
    this.acceptFiles(dialog);
    return dialog;
  }

  /** Elsewhere on the page an image that is dropped or pasted goes to the pad. */
  private acceptFiles(dialog: HTMLDialogElement): void {
    const take = (event: Event, files: FileList | undefined): void => {
      event.stopPropagation();
      if (!files?.length) return;
      event.preventDefault();
      this.choose("ranking");
      void this.ranking.given.add(files);
    };
    dialog.addEventListener("dragover", (event) => event.preventDefault());
    dialog.addEventListener("drop", (event) => {
      event.preventDefault();
      take(event, event.dataTransfer?.files);
    });
    dialog.addEventListener("paste", (event) => take(event, event.clipboardData?.files));
  }

  private open(): void {
    this.seen = true;
    this.label();
    this.dialog.showModal();
  }

  private choose(chosen: BatchKind): void {
    this.problem.textContent = "";
    for (const [kind, head] of this.heads) {
      head.setAttribute("aria-pressed", String(kind === chosen));
      this.tabs[kind].root.hidden = kind !== chosen;
    }
  }

  private take(message: BatchMessage): void {
    const before = this.messages[message.kind];
    this.messages[message.kind] = message;
    if (before && before.state !== message.state) this.problem.textContent = "";
    this.tabs[message.kind].take(message);
    this.tabs[message.kind === "table" ? "ranking" : "table"].wait(!isOver(message));
    if (!isOver(message)) this.seen = this.dialog.open;
    else if (this.dialog.open) this.seen = true;
    this.label();
  }

  /** How far it is, also where the dialog is closed. */
  private label(): void {
    const all = Object.values(this.messages);
    const running = all.find((message) => !isOver(message)) ?? (this.seen ? undefined : all.at(-1));
    this.button.textContent = running ? `Robustness: ${shortWords(running)}` : "Robustness…";
    this.button.title = "Measure the networks on all test images, and rank images by ambiguity";
  }
}
