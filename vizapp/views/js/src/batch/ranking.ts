/** The second tab: images by ambiguity, the hardest to tell first. A click puts one on the pad. */

import { h } from "../dom";
import { thumbnail } from "../gallery";
import type { Hub } from "../hub";
import { Question } from "../question";
import { Boxes, OneOf, same } from "./choices";
import { Given } from "./given";
import type { BatchMessage, RankedItem, RankedMessage } from "./messages";
import { Steering } from "./steering";
import { count, isOver } from "./words";

const PIXELS = 28 * 28;
/** A second answer with less than that is none. */
const NAMED = 0.01;
/** Bits that are worth a word. */
const DISAGREE = 0.1;

export class RankingTab {
  readonly root: HTMLElement;
  readonly given: Given;
  private readonly networks: Boxes;
  private readonly of: OneOf<"test" | "given">;
  private readonly steering: Steering;
  private readonly list = h("ol", { class: "ranked", "aria-label": "Ranking" });
  private readonly pager = h("div", { class: "pager" });
  private readonly choice: HTMLFieldSetElement;
  private readonly question: Question<number>;
  private message: BatchMessage | null = null;
  private busy = false;
  private page = 0;

  constructor(
    private readonly hub: Hub,
    networks: string[],
    total: number,
    limits: { most: number; bytes: number },
    private readonly leave: () => void,
  ) {
    const changed = (): void => this.show();
    this.networks = new Boxes("Networks, asked together", networks.map((name) => [name, name.toUpperCase()]), changed);
    this.steering = new Steering(hub, "ranking", "Rank", () => this.begin());
    // It says at once how many it has, to whoever listens; the rest has to be there.
    this.of = new OneOf("Images", [["test", `The ${count(total)} test images`], ["given", "Images of your own"]], changed);
    this.choice = h("fieldset", { class: "choice", role: "presentation" }, this.networks.root, this.of.root);
    this.given = new Given(hub, limits.most, limits.bytes, () => this.gave());
    this.of.root.append(this.given.root);
    const about = h(
      "p",
      { class: "muted" },
      "By the entropy of the networks' mean probabilities: the hardest to tell first. Where they disagree, each may be sure of another answer. A click loads an image.",
    );
    this.root = h("div", {}, this.choice, this.steering.root, about, this.list, this.pager, this.steering.files);
    this.question = new Question(hub, (page, seq) => ({ type: "batch_list", seq, page }));
    hub.on("batch_ranked", (message) => {
      this.question.answered();
      this.draw(message);
    });
    this.show();
  }

  take(message: BatchMessage): void {
    if (!this.message) {
      this.networks.chosen = message.choice.networks;
      this.of.chosen = message.choice.of;
    }
    const before = this.message?.done;
    this.message = message;
    if (before !== message.done || isOver(message)) this.question.ask(this.page);
    this.show();
  }

  wait(busy: boolean): void {
    this.busy = busy;
    this.show();
  }

  private begin(): void {
    this.page = 0;
    this.hub.send({ type: "batch_start", kind: "ranking", networks: this.networks.chosen, of: this.of.chosen });
  }

  private gave(): void {
    if (!this.given) return;
    if (this.given.pile.count) this.of.chosen = "given";
    this.show();
  }

  private get refusal(): string {
    if (!this.networks.chosen.length) return "Choose a network.";
    if (this.of.chosen === "test") return "";
    if (this.given.busy) return "The images are on their way.";
    return this.given.pile.count ? "" : "Choose images to rank, or drop them here.";
  }

  private show(): void {
    const { message } = this;
    const fits = message !== null && message.choice.of === this.of.chosen && same(message.choice.networks, this.networks.chosen);
    this.choice.disabled = message !== null && !isOver(message);
    this.given.root.hidden = this.of.chosen !== "given";
    this.steering.update(message, fits, this.busy, this.refusal);
  }

  private draw({ page, pages, items, images }: RankedMessage): void {
    const test = this.message?.choice.of === "test";
    const first = page * this.pageSize(items.length, page, pages);
    this.list.start = first + 1;
    this.list.replaceChildren(
      ...items.map((item, i) =>
        item.problem
          ? h("li", { class: "muted" }, `${item.title}: ${item.problem}`)
          : h("li", {}, this.card(item, images.subarray(i * PIXELS, (i + 1) * PIXELS), first + i + 1, test)),
      ),
    );
    const turn = (label: string, to: number): HTMLElement =>
      h("button", { type: "button", disabled: to < 0 || to >= pages, onclick: () => this.turn(to) }, label);
    const place = h("span", { class: "num muted" }, `${count(page + 1)} of ${count(pages)}`);
    this.pager.replaceChildren(...(pages > 1 ? [turn("Previous", page - 1), place, turn("Next", page + 1)] : []));
  }

  /** All pages but the last are full. */
  private full = 0;
  private pageSize(length: number, page: number, pages: number): number {
    if (page < pages - 1 || !this.full) this.full = length;
    return this.full;
  }

  private turn(page: number): void {
    this.page = page;
    this.question.ask(page);
  }

  private card(item: RankedItem, pixels: Uint8Array, rank: number, test: boolean): HTMLButtonElement {
    const { best, entropy, disagreement, each, title, index } = item;
    const answers = best.filter(([, probability], i) => !i || probability >= NAMED);
    const words = answers.map(([digit, probability]) => `${digit} (${percent(probability)})`).join(" or ");
    const networks = each.map(({ network, answer, probability }) => `${network.toUpperCase()} ${answer} (${percent(probability)})`);
    const unlike = disagreement >= DISAGREE ? `, disagreement ${disagreement.toFixed(2)}` : "";
    const load = (): void => {
      this.hub.inOrder(test ? { type: "load", source: "reference", index } : { type: "batch_show", index });
      this.leave();
    };
    return h(
      "button",
      { type: "button", onclick: load, title: "Load" },
      thumbnail(pixels),
      h("span", { class: "num" }, h("span", { class: "muted" }, `${count(rank)}. `), h("b", {}, words)),
      h("span", { class: "muted num" }, `${entropy.toFixed(2)} bits${unlike}`),
      h("span", { class: "muted num" }, networks.join(", ")),
      h("span", { class: "muted name" }, title),
    );
  }
}

function percent(share: number): string {
  return `${Math.round(100 * share)}\u00a0%`;
}
