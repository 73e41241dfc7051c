/** The timeline: walks through the network step by step, knowing nothing of what a step means. */

import type { Props } from "./bokeh";
import { h } from "./dom";
import { type Hub, hubOf } from "./hub";
import { lockable } from "./locks";
import { nodeName } from "./network";
import { Playback, type Speed, SPEEDS } from "./playback";
import { Question } from "./question";
import type { WalkMessage } from "./wire";

/** Sentences change at every movement of the pen: a screen reader hears the one that stays. */
const REST_MS = 1000;
const KIND = "forward";

export function render({ view }: Props): HTMLElement {
  const hub = hubOf(view.model.document);
  return lockable(hub, ["walk", "walk_node", "step"], new Player(hub).root);
}

class Player {
  readonly root = h("div", { class: "v-player" });
  private bar: Bar | null = null;
  private readonly begin = h("button", { type: "button", class: "begin" }, "Step through");
  private readonly explain = h("button", { type: "button", hidden: true });
  private readonly idle = h(
    "div",
    { class: "idle" },
    this.begin,
    this.explain,
    h("span", { class: "muted" }, "From the pad to the answer, one step and one sentence at a time."),
  );

  constructor(private readonly hub: Hub) {
    const walk = (node: number | null): void => hub.send({ type: "walk", kind: KIND, node });
    this.begin.addEventListener("click", () => walk(null));
    this.explain.addEventListener("click", () => walk(hub.selection[0] ?? null));
    hub.on("selection", () => this.offer());
    hub.on("network", () => this.offer());
    hub.on("walk", () => this.show());
    this.root.append(this.idle);
    this.offer();
    this.show();
  }

  /** The selected node can be walked to. */
  private offer(): void {
    const { network, selection } = this.hub;
    this.explain.hidden = !network || !selection.length;
    if (network && selection.length) this.explain.textContent = `How ${nodeName(network, selection[0])} came about`;
  }

  private show(): void {
    const { walk } = this.hub;
    const inside = this.root.matches(":focus-within");
    if (!walk) {
      this.bar?.end();
      this.bar = null;
      this.root.replaceChildren(this.idle);
      if (inside) this.begin.focus();
    } else if (!this.bar) {
      this.bar = new Bar(this.hub, walk);
      this.root.replaceChildren(this.bar.root);
      if (inside) this.bar.focus();
    } else {
      this.bar.show(walk);
    }
    // The page points out the pad, and on a small screen keeps the player beside the pane.
    const page = document.documentElement;
    if (walk) page.dataset.walk = walk.layer ?? "pad";
    else delete page.dataset.walk;
  }
}

/** What is shown during a walk. */
class Bar {
  readonly root: HTMLElement;
  private shown: WalkMessage;
  private titles = "";
  private announce = 0;
  private readonly playback: Playback;
  private readonly ask: Question<number>;
  private readonly first = button("|◀", "First step", () => this.go(0));
  private readonly back = button("◀", "Back", () => this.go(this.at - 1));
  private readonly play = button("Play", "Play", () => this.playback.toggle());
  private readonly next = button("▶", "Forward", () => this.go(this.at + 1));
  private readonly slider = h("input", { type: "range", min: 0, step: 1, "aria-label": "Step" });
  private readonly ticks = h("ol", { class: "ticks", "aria-hidden": "true" });
  private readonly name = h("span", { class: "walk-name muted" });
  private readonly title = h("strong", { class: "title" });
  private readonly count = h("span", { class: "muted num" });
  private readonly sentence = h("span", { class: "sentence" });
  private readonly live = h("p", { class: "visually-hidden", role: "status", "aria-live": "polite" });
  private readonly speed = h(
    "select",
    { "aria-label": "Speed" },
    ...SPEEDS.map((speed) => h("option", { value: speed, selected: speed === 1 }, `${speed}×`)),
  );

  constructor(
    private readonly hub: Hub,
    walk: WalkMessage,
  ) {
    this.shown = walk;
    this.ask = new Question(hub, (to) => ({ type: "step", to }));
    this.playback = new Playback(
      (to) => this.go(to),
      (playing) => this.toggled(playing),
    );
    this.speed.addEventListener("change", () => (this.playback.speed = Number(this.speed.value) as Speed));
    this.slider.addEventListener("input", () => this.go(this.slider.valueAsNumber));
    const close = button("×", "Close", () => hub.send({ type: "walk", kind: null, node: null }));
    this.root = h(
      "div",
      { class: "bar", role: "group", "aria-label": "Player" },
      h("div", { class: "keys" }, this.first, this.back, this.play, this.next),
      h("div", { class: "track" }, this.slider, this.ticks),
      h("div", { class: "keys" }, this.speed, close),
      h("p", { class: "words" }, this.count, this.name, this.title, this.sentence),
      this.live,
    );
    this.play.classList.add("play");
    this.root.addEventListener("keydown", (event) => this.key(event));
    this.toggled(false);
    this.show(walk);
  }

  focus(): void {
    this.play.focus();
  }

  end(): void {
    this.playback.stop();
    clearTimeout(this.announce);
  }

  show(walk: WalkMessage): void {
    const moved = walk.step !== this.shown.step || walk.name !== this.shown.name;
    if (walk.name !== this.shown.name) this.playback.stop();
    this.shown = walk;
    this.ask.answered();
    this.playback.arrived(walk.step, walk.count, walk.sentence);
    this.mark(walk);
    if (!this.ask.pending) this.slider.value = String(walk.step);
    this.slider.setAttribute("aria-valuetext", `${walk.step + 1} of ${walk.count}: ${walk.title}`);
    for (const [key, off] of [
      [this.first, walk.step === 0],
      [this.back, walk.step === 0],
      [this.next, walk.step === walk.count - 1],
    ] as const) {
      // Not disabled: a key that is pressed would lose the focus, and with it the keyboard the player.
      key.setAttribute("aria-disabled", String(off));
    }
    this.count.textContent = `${walk.step + 1} of ${walk.count}`;
    this.title.textContent = walk.title;
    this.sentence.textContent = walk.sentence;
    this.name.textContent = walk.node === null ? "" : walk.name;
    clearTimeout(this.announce);
    this.announce = window.setTimeout(() => (this.live.textContent = `${walk.title}: ${walk.sentence}`), moved ? 0 : REST_MS);
  }

  /** The slider's steps, by their titles. */
  private mark({ titles, step }: WalkMessage): void {
    if (titles.join("\n") !== this.titles) {
      this.titles = titles.join("\n");
      this.slider.max = String(titles.length - 1);
      this.root.style.setProperty("--steps", String(titles.length));
      this.ticks.replaceChildren(...titles.map((title, i) => h("li", { title, onclick: () => this.go(i) }, title.replace(", ", ",\u00a0"))));
    }
    [...this.ticks.children].forEach((tick, i) => tick.classList.toggle("here", i === step));
  }

  private get at(): number {
    return this.ask.pending ?? this.shown.step;
  }

  private go(to: number): void {
    const wanted = Math.min(Math.max(to, 0), this.shown.count - 1);
    this.slider.value = String(wanted);
    this.ask.ask(wanted);
  }

  private toggled(playing: boolean): void {
    this.play.textContent = this.play.title = playing ? "Pause" : "Play";
    this.play.setAttribute("aria-label", this.play.title);
  }

  private key(event: KeyboardEvent): void {
    const from = event.target as HTMLElement;
    if (event.ctrlKey || event.metaKey || event.altKey || from === this.speed) return;
    const last = this.shown.count - 1;
    const to = { ArrowLeft: this.at - 1, ArrowRight: this.at + 1, Home: 0, End: last }[event.key];
    if (to !== undefined) this.go(to);
    else if (event.key === "Escape") this.hub.send({ type: "walk", kind: null, node: null });
    // A button that has the focus takes the space bar for itself.
    else if (event.key === " " && !(from instanceof HTMLButtonElement)) this.playback.toggle();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
}

function button(sign: string, name: string, onclick: () => void): HTMLButtonElement {
  return h("button", { type: "button", title: name, "aria-label": name, onclick }, sign);
}
