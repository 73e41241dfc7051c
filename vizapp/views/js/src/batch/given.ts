/** Images of one's own, handed to the session one by one; they are bounded here and there. */

import { h } from "../dom";
import { smaller } from "../examples";
import type { Hub } from "../hub";
import type { BadImage, PileMessage } from "./messages";
import { count } from "./words";

const IMAGES = /\.(png|jpe?g|gif|bmp|webp)$/i;
/** No answer for this long: the next one. */
const PATIENCE_MS = 5000;
const SHOWN = 5;

export class Given {
  readonly root: HTMLElement;
  pile: PileMessage = { type: "batch_pile", count: 0, bytes: 0, bad: [] };
  private readonly words = h("span", { class: "muted" });
  private readonly said = h("span", { class: "visually-hidden", role: "status" });
  private readonly bad = h("ul", { class: "bad" });
  private readonly forget = h("button", { type: "button", onclick: () => this.clear() }, "Forget them");
  /** Those that this browser cannot read. */
  private unread: BadImage[] = [];
  private full = "";
  private queue: File[] = [];
  private sending = false;
  private answered: () => void = () => {};

  constructor(
    private readonly hub: Hub,
    private readonly most: number,
    private readonly mostBytes: number,
    private readonly changed: () => void,
  ) {
    this.root = h(
      "div",
      { class: "given" },
      h("div", { class: "line" }, ...this.picker("Images…", false), ...this.picker("Folder…", true), this.forget),
      this.words,
      this.said,
      this.bad,
    );
    hub.on("batch_pile", (message) => {
      this.pile = message;
      this.answered();
      this.show();
    });
    this.show();
  }

  get busy(): boolean {
    return this.sending;
  }

  /** Files that were picked, dropped or pasted. */
  async add(files: Iterable<File>): Promise<void> {
    this.queue.push(...files);
    this.full = "";
    if (this.sending || !this.queue.length) return;
    this.sending = true;
    for (let file = this.queue.shift(); file; file = this.queue.shift()) {
      this.show();
      await this.send(file);
    }
    this.sending = false;
    this.show();
  }

  private async send(file: File): Promise<void> {
    if (this.pile.count >= this.most) return this.stop(`Only the first ${count(this.most)} images are taken.`);
    let data: ArrayBuffer;
    try {
      data = await (await smaller(file)).arrayBuffer();
    } catch {
      this.unread.push({ title: file.name, problem: "This browser cannot read it." });
      return;
    }
    if (this.pile.bytes + data.byteLength > this.mostBytes) {
      return this.stop(`Only the first ${this.mostBytes >> 20} MB are taken.`);
    }
    await new Promise<void>((resolve) => {
      this.answered = resolve;
      setTimeout(resolve, PATIENCE_MS);
      this.hub.send({ type: "batch_give", name: file.name, data });
    });
  }

  private stop(why: string): void {
    this.full = why;
    this.queue = [];
  }

  private clear(): void {
    this.unread = [];
    this.queue = [];
    this.full = "";
    this.hub.send({ type: "batch_forget" });
  }

  private picker(label: string, folder: boolean): HTMLElement[] {
    const input = h("input", { type: "file", multiple: true, hidden: true, accept: "image/*", webkitdirectory: folder });
    input.addEventListener("change", () => {
      const files = [...(input.files ?? [])].filter(({ name }) => !folder || IMAGES.test(name));
      input.value = "";
      void this.add(files);
    });
    return [h("button", { type: "button", onclick: () => input.click() }, label), input];
  }

  private show(): void {
    const { pile } = this;
    const bad = [...pile.bad, ...this.unread];
    const size = `${(pile.bytes / (1 << 20)).toFixed(1)} MB`;
    const most = `at most ${count(this.most)}, ${this.mostBytes >> 20} MB together`;
    const have = pile.count ? `${count(pile.count)} ${pile.count === 1 ? "image" : "images"}, ${size}` : "Or drop them here";
    this.words.textContent = this.full || (this.sending ? `Sending: ${count(this.queue.length + 1)} to go…` : `${have} (${most}).`);
    const more = bad.length > SHOWN ? [h("li", {}, `and ${count(bad.length - SHOWN)} more that cannot be used`)] : [];
    // What counts down is not read out.
    const news = this.full || (pile.count && !this.sending ? `${have}.` : "");
    if (news !== this.said.textContent) this.said.textContent = news;
    this.bad.replaceChildren(...bad.slice(0, SHOWN).map(({ title, problem }) => h("li", {}, `${title}: ${problem}`)), ...more);
    this.bad.hidden = !bad.length;
    this.forget.hidden = !pile.count && !this.unread.length;
    this.changed();
  }
}
