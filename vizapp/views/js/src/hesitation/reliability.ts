/** A dialog: how far the probabilities can be believed, before and after the temperature, with the table behind it. */

import { pictures } from "../actions";
import { h } from "../dom";
import { offerElement } from "../element-picture";
import type { Hub } from "../hub";
import { say, shown } from "../inspector/part";
import { csvOf, type Sheet, tableOf } from "../numbers";
import { fileName, save } from "../pictures";
import { Question } from "../question";
import { diagram } from "./diagram";
import type { Bins, ReliabilityMessage } from "./messages";

const PANE = "reliability";

export class Reliability {
  readonly button = h("button", { type: "button", "aria-haspopup": "dialog", onclick: () => this.open() }, "Reliability diagram…");
  readonly dialog: HTMLDialogElement;
  private readonly words = h("p", { class: "muted num" });
  private readonly figures = h("div", { class: "figures v-hesitation" });
  private readonly table = h("div", { class: "scroll num", tabindex: 0, role: "region", "aria-label": "Numbers of the reliability diagram" });
  private readonly body = h("div", { hidden: true });
  private readonly question: Question<null>;
  private sheet: Sheet | null = null;

  constructor(private readonly hub: Hub) {
    const csv = h("button", { type: "button", title: "Save the table as CSV", onclick: () => this.keepTable() }, "CSV");
    this.body.append(
      this.figures,
      h("details", {}, h("summary", {}, "Table"), this.table),
      h("div", { class: "v-actions", role: "group", "aria-label": "Take from the reliability diagram" }, csv, pictures(hub, PANE)),
    );
    this.dialog = h(
      "dialog",
      { class: "gallery reliability", "aria-label": "Reliability diagram" },
      h("div", { class: "head" }, h("h2", {}, "Reliability diagram"), h("button", { type: "button", "aria-label": "Close", onclick: () => this.dialog.close() }, "×")),
      this.words,
      this.body,
    );
    // A click beside the dialog closes it.
    this.dialog.addEventListener("click", (event) => {
      if (event.composedPath()[0] === this.dialog) this.dialog.close();
    });
    this.question = new Question(hub, (_, seq) => ({ type: "reliability", seq }));
    hub.on("reliability", (message) => {
      this.question.answered();
      if (message.network === hub.network?.name) this.show(message);
    });
    offerElement(hub, PANE, "Reliability diagram", this.figures);
  }

  private open(): void {
    shown(this.body, false);
    say(this.words, "Measuring on the test images…");
    this.dialog.showModal();
    this.question.ask(null);
  }

  private show(message: ReliabilityMessage): void {
    const { network, temperature, checked, fitted, edges, before, after } = message;
    const images = checked.toLocaleString("en");
    say(
      this.words,
      `Of the answers that ${network.toUpperCase()} gives with some probability, how many are right? On the diagonal a probability means what it says; above it the network is too modest, below it too sure. ${images} test images, other than the ${fitted.toLocaleString("en")} that T was fitted on; bars are 95 % intervals. Drawings from the pad were not measured.`,
    );
    const parts: [string, Bins][] = [
      ["Before, T = 1", before],
      [`After, T = ${temperature.toFixed(3)}`, after],
    ];
    this.figures.replaceChildren(
      ...parts.map(([name, bins]) =>
        h("figure", {}, h("figcaption", { class: "num" }, h("b", {}, name), ` ECE ${(100 * bins.ece).toFixed(2)} %, NLL ${bins.nll.toFixed(4)}`), diagram(edges, bins, name)),
      ),
    );
    this.sheet = sheetOf(message);
    this.table.replaceChildren(tableOf(this.sheet));
    shown(this.body, true);
  }

  private keepTable(): void {
    if (this.sheet) save(new Blob([csvOf([this.sheet])], { type: "text/csv" }), fileName(this.hub, PANE, "csv"));
  }
}

function sheetOf({ edges, before, after, temperature, checked }: ReliabilityMessage): Sheet {
  const names = ["images", "mean probability", "share right", "95 % from", "95 % to"];
  const cells = ({ count, confidence, accuracy, low, high }: Bins, i: number): (number | string)[] => [
    count[i],
    ...[confidence, accuracy, low, high].map((values) => values[i] ?? "–"),
  ];
  return {
    caption: `Answers to ${checked.toLocaleString("en")} test images by their probability, before and after T = ${temperature.toFixed(4)}`,
    corner: "probability",
    columns: ["before", "after"].flatMap((when) => names.map((name) => `${when}: ${name}`)),
    rows: edges.slice(1).map((right, i) => ({
      head: `${edges[i].toFixed(3)} to ${right.toFixed(3)}`,
      cells: [...cells(before, i), ...cells(after, i)],
    })),
  };
}
