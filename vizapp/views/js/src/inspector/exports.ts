/** Numbers to take along: copied, or as a file that the server makes. */

import { h } from "../dom";
import type { Hub } from "../hub";
import { nodeName } from "../network";
import type { InspectionMessage } from "./messages";
import { type Pane, type Part, say, section } from "./part";

const TOLD_MS = 2000;

export class Exports implements Part {
  readonly root: HTMLElement;
  private readonly copy = h("button", { type: "button" }, "Copy values");
  private readonly files = (["csv", "json"] as const).map((what) =>
    h("button", { type: "button", onclick: () => this.hub.send({ type: "export", what, nodes: "selection" }) }, what.toUpperCase()),
  );
  private readonly words = h("p", { class: "muted" });
  private readonly hub: Hub;
  private message: InspectionMessage | null = null;

  constructor({ hub }: Pane) {
    this.hub = hub;
    this.copy.addEventListener("click", () => void this.toClipboard());
    this.root = section("Take the numbers along", h("div", { class: "keys" }, this.copy, ...this.files), this.words);
    hub.on("download", ({ name, mime, text }) => save(name, new Blob([text], { type: mime })));
  }

  show(message: InspectionMessage): void {
    this.message = message;
    this.chosen();
  }

  /** The selection has changed. */
  chosen(): void {
    const count = this.hub.selection.length;
    for (const button of this.files) button.disabled = count === 0;
    const files = count ? `CSV and JSON: the ${count === 1 ? "selected node" : `${count.toLocaleString("en")} selected nodes`}` : "Select a node for CSV and JSON";
    say(this.words, `${files}, with inputs, weights and outputs.`);
  }

  private async toClipboard(): Promise<void> {
    const { network } = this.hub;
    if (!this.message || !network) return;
    const text = asText(this.message, (node) => nodeName(network, node));
    const done = await copied(text);
    this.copy.textContent = done ? "Copied" : "Not allowed here";
    setTimeout(() => (this.copy.textContent = "Copy values"), TOLD_MS);
  }
}

/** Lines that a spreadsheet takes apart at the tabs. */
function asText({ name, pre, output, bias, sources, inputs, weights }: InspectionMessage, nameOf: (node: number) => string): string {
  const head = [["node", name], ["sum", pre], ["output", output], ...(bias === null ? [] : [["bias", bias]])];
  const rows = Array.from(sources, (source, i) => [nameOf(source), inputs[i], weights[i], inputs[i] * weights[i]]);
  const lines = rows.length ? [...head, ["from", "input", "weight", "product"], ...rows] : head;
  return lines.map((cells) => cells.join("\t")).join("\n");
}

async function copied(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // Only pages that came over TLS, or from this machine, have a clipboard.
    const area = h("textarea", { style: "position: fixed; opacity: 0" });
    area.value = text;
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    return done;
  }
}

export function save(name: string, content: Blob): void {
  const url = URL.createObjectURL(content);
  h("a", { href: url, download: name }).click();
  // The browser may only now begin to read.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
