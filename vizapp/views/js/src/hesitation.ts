/** How sure the network is of the present answer, and what that is worth. */

import { pictures } from "./actions";
import type { Props } from "./bokeh";
import { h } from "./dom";
import { offerElement } from "./element-picture";
import { type Hub, hubOf } from "./hub";
import type { HesitationMessage, Scores } from "./hesitation/messages";
import { Nearby } from "./hesitation/nearby";
import { PredictionSet } from "./hesitation/prediction-set";
import { Reliability } from "./hesitation/reliability";
import { Sureness } from "./hesitation/sureness";
import { say, shown } from "./inspector/part";
import { Question } from "./question";
import { untilPainted } from "./timing";

const TITLES = { clear: "Clear", unusual: "Unusual", ambiguous: "Ambiguous", strange: "Strange" };

export function render({ model, view }: Props): HTMLElement {
  return new Hesitation(hubOf(view.model.document), model.levels as string[]).root;
}

class Hesitation {
  readonly root: HTMLElement;
  private readonly title = h("h2");
  private readonly sentence = h("p", { class: "sentence num" });
  private readonly body = h("div", { class: "scores" });
  private readonly actions = h("div", { class: "v-actions compact", role: "group", "aria-label": "Take from the hesitation" });
  private readonly reliability: Reliability;
  private readonly parts: { root: HTMLElement; show(scores: Scores): void }[];
  private readonly question: Question<null>;
  private width = 0;
  /** What the sets were asked to cover when it was last asked. */
  private coverage = "";
  /** When the frame arrived whose scores are asked for. */
  private frame = 0;
  private asked = 0;

  constructor(hub: Hub, levels: string[]) {
    this.reliability = new Reliability(hub);
    this.parts = [new Sureness(this.reliability.button), new PredictionSet(hub, levels), new Nearby(hub)];
    this.body.append(...this.parts.map(({ root }) => root));
    const panel = h("div", { class: "v-hesitation", "data-testid": "hesitation" }, this.title, this.sentence, this.body);
    this.actions.append(pictures(hub, "hesitation"));
    offerElement(hub, "hesitation", "The hesitation", panel);
    // What is in a dialog is not as wide as the panel; and what takes a picture is not in it.
    this.root = h("div", { class: "v-hesitation-frame" }, this.actions, panel, this.reliability.dialog);
    this.question = new Question(hub, (_, seq) => {
      this.asked = this.frame;
      return { type: "hesitation", seq };
    });
    this.wait("One moment", "The network is being loaded.");
    hub.on("frame", () => {
      this.frame = performance.now();
      this.ask();
    });
    hub.on("settings", ({ coverage }) => {
      if (coverage === this.coverage) return;
      this.coverage = coverage;
      if (hub.frame) this.ask();
    });
    hub.on("hesitation", (message) => {
      if (message.ack) this.question.answered();
      if (message.network === hub.network?.name) this.show(message);
    });
    new ResizeObserver(() => this.resize()).observe(panel);
  }

  /** Nobody asks for what is not seen. */
  private ask(): void {
    if (this.width > 0) this.question.ask(null);
  }

  private resize(): void {
    const hidden = this.width === 0;
    this.width = Math.floor(this.body.parentElement!.clientWidth);
    if (hidden) this.ask();
  }

  private show({ state, images, scores }: HesitationMessage): void {
    if (!scores) {
      const count = images.toLocaleString("en");
      if (state === "empty") {
        this.wait("Nothing to hesitate about", "The pad is empty. Draw a digit, or open Examples…: something between a 1 and a 2 makes it hesitate most.");
      } else if (state === "waiting") {
        this.wait("One moment", `Waiting for the network's answers to ${count} test images, which this drawing is held against. That takes a moment, once.`);
      } else {
        this.wait("Not available", `The network's answers to ${count} test images could not be had, so there is nothing to hold this drawing against. Draw on to try again.`);
      }
      return;
    }
    say(this.title, TITLES[scores.kind]);
    say(this.sentence, scores.sentence);
    for (const part of this.parts) part.show(scores);
    this.reveal(true);
    if (this.asked) untilPainted("vizapp:frame-to-hesitation", this.asked);
    this.asked = 0;
  }

  private wait(title: string, words: string): void {
    say(this.title, title);
    say(this.sentence, words);
    this.reveal(false);
  }

  private reveal(visible: boolean): void {
    shown(this.body, visible);
    shown(this.actions, visible);
  }
}
