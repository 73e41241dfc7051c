/** The picture that explains the answer: asked for at the pace of the pen, or when it rests. */

import type { Hub } from "../hub";
import { Question } from "../question";
import type { ExplanationMessage } from "./messages";

/** Methods that are cheap enough to follow the pen. */
const LIVE = ["lrp", "gradient", "deconvolution"];
const REST_MS = 120;

type Listener = () => void;

/** Of one page: the pad and the panel show the same. */
export class Current {
  message: ExplanationMessage | null = null;
  /** It is of the drawing as it was when the pen rested last. */
  stale = false;
  private readonly question: Question<null>;
  private readonly listeners: Listener[] = [];
  private key = "";
  private down = false;
  private rest = 0;
  /** Counts answers of the network, to know of which one a picture is. */
  private frames = 0;
  private asked = 0;

  constructor(private readonly hub: Hub) {
    this.question = new Question(hub, (_, seq) => {
      this.asked = this.frames;
      return { type: "explain", seq };
    });
    hub.on("settings", () => this.follow());
    hub.on("selection", () => this.follow());
    hub.on("network", () => {
      this.message = null;
      this.question.drop();
      this.tell();
    });
    hub.on("frame", () => {
      this.frames++;
      if (this.live) this.ask();
      else if (this.shown) this.wait();
    });
    hub.on("pen", ({ down }) => {
      this.down = down;
      if (this.shown && !this.live) this.wait();
    });
    hub.on("explanation", (message) => this.take(message));
    if (hub.settings) this.follow();
  }

  on(listener: Listener): void {
    this.listeners.push(listener);
    listener();
  }

  /** The name of the picture that is wanted; "drawing" for none. */
  get method(): string {
    return this.hub.settings?.pad_shows ?? "drawing";
  }

  get shown(): boolean {
    return this.method !== "drawing";
  }

  private get live(): boolean {
    return LIVE.includes(this.method);
  }

  /** Another picture, other classes, another node. */
  private follow(): void {
    const { settings, selection } = this.hub;
    const node = this.method === "deconvolution" ? selection[0] : null;
    const key = [this.method, settings?.for_class, settings?.against_class, node].join();
    if (key === this.key) return;
    this.key = key;
    if (this.message && this.message.method !== this.method) this.message = null;
    if (this.shown) this.ask();
    else this.question.drop();
    this.tell();
  }

  private wait(): void {
    clearTimeout(this.rest);
    if (!this.down) this.rest = window.setTimeout(() => this.rested(), REST_MS);
    if (this.stale || !this.message || this.asked === this.frames) return;
    this.stale = true;
    this.tell();
  }

  private rested(): void {
    // A pen may be lifted without having drawn.
    if (this.shown && this.asked !== this.frames) this.ask();
  }

  private ask(): void {
    clearTimeout(this.rest);
    this.question.ask(null);
  }

  private take(message: ExplanationMessage): void {
    this.question.answered();
    if (message.method !== this.method || message.network !== this.hub.network?.name) return;
    this.message = message;
    this.stale = !this.live && this.asked !== this.frames;
    this.tell();
  }

  private tell(): void {
    for (const listener of this.listeners) listener();
  }
}

const known = new WeakMap<Hub, Current>();

export function currentOf(hub: Hub): Current {
  let current = known.get(hub);
  if (!current) known.set(hub, (current = new Current(hub)));
  return current;
}
