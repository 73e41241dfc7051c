/** What is known of the sweep on the timeline: all its charts listen here, and move the cursor here. */

import type { Hub } from "../hub";
import { Question } from "../question";
import { untilPainted } from "../timing";
import type { CurveMessage, CursorMessage, TimelineMessage } from "./messages";

interface Events {
  /** Another sweep is on the timeline, or none. */
  head: TimelineMessage | null;
  /** A curve has come, or what is to be shown of them has changed. */
  curves: null;
  /** The cursor was moved, here or elsewhere. */
  cursor: CursorMessage;
}

type Listener<K extends keyof Events> = (event: Events[K]) => void;
type Move = Partial<Pick<CursorMessage, "position" | "across" | "way">> & { moving: boolean };

/** After the last curve of a drawing that is still going on. */
const SETTLE_MS = 150;
/** After the last movement of the cursor: then the server saves where it is. */
const REST_MS = 250;
const NOWHERE: CursorMessage = { type: "cursor", ack: 0, position: null, across: null, way: "" };

export class Sheet {
  /** Null while nothing is on the timeline. */
  head: TimelineMessage | null = null;
  /** As the person moved it last; the server may not have followed yet. */
  cursor: CursorMessage = NOWHERE;
  private readonly curves = new Map<string, CurveMessage>();
  private readonly listeners = new Map<keyof Events, Set<Listener<never>>>();
  private readonly moves: Question<Move>;
  private due = new Set<keyof Events>();
  private settling = 0;
  private resting = 0;
  /** When the cursor was moved last, and when it was moved to where the server was asked for last. */
  private touched = 0;
  private asked = 0;

  constructor(private readonly hub: Hub) {
    this.moves = new Question(hub, ({ moving, ...move }, seq) => {
      this.asked = moving ? this.touched : 0;
      return { type: "cursor", seq, ...move, moving };
    });
    hub.on("timeline", (message) => this.begin(message));
    hub.on("curve", (message) => this.take(message));
    hub.on("cursor", (message) => this.moved(message));
    hub.on("settings", () => this.tell("curves"));
    hub.on("pen", ({ down }) => !down && this.settle());
  }

  on<K extends keyof Events>(event: K, listener: Listener<K>): () => void {
    const set = this.listeners.get(event) ?? new Set();
    this.listeners.set(event, set);
    set.add(listener as Listener<never>);
    return () => set.delete(listener as Listener<never>);
  }

  /** The curve of a way; `network` is the one on the page unless another is named. Perhaps of an earlier turn: `stale`. */
  curve(way: string, network = this.hub.network?.name ?? ""): CurveMessage | null {
    return this.curves.get(key(way, network)) ?? null;
  }

  /** The curve that the cursor is on. */
  get focus(): CurveMessage | null {
    return this.curve(this.cursor.way);
  }

  stale(curve: CurveMessage): boolean {
    return curve.turn !== this.head?.turn;
  }

  /** The ways that are drawn, the cursor's last, so that it lies on top. */
  get ways(): string[] {
    const { head, cursor, hub } = this;
    if (!head?.kind) return [];
    const chosen = head.ways.map(({ name }) => name).filter((name) => name !== cursor.way && hub.settings?.ways.includes(name));
    return head.ways.some(({ name }) => name === cursor.way) ? [...chosen, cursor.way] : chosen;
  }

  /** The curves that are drawn, those of the network on the page last. */
  get shown(): CurveMessage[] {
    const own = this.hub.network?.name;
    const others = this.hub.settings?.overlay ? this.networks.filter((name) => name !== own) : [];
    return [...others, own ?? ""].flatMap((network) => this.ways.flatMap((way) => this.curve(way, network) ?? []));
  }

  /** Put the cursor somewhere; null: off the way, where the drawing stays what it is. */
  move(position: number | null): void {
    if (!this.head?.kind) return;
    const { low, high } = this.head;
    this.ask({ position: position === null ? null : Math.min(high, Math.max(low, position)) });
  }

  /** The same where the sweep is crossed with another. */
  moveAcross(across: number, position: number): void {
    this.ask({ across, position });
  }

  /** Take the cursor to the same position of another way. */
  takeWay(way: string): void {
    this.ask({ way });
  }

  private ask(place: Omit<Move, "moving">): void {
    // The server would refuse it, and the cursor stand where nothing else is.
    if (["cursor", ...Object.keys(place)].some((name) => this.hub.settings?.locked.includes(name))) return;
    this.cursor = { ...this.cursor, ...place };
    this.touched = performance.now();
    // What the server has not been asked for yet is not forgotten.
    this.moves.ask({ ...this.moves.waiting, ...place, moving: true });
    clearTimeout(this.resting);
    this.resting = window.setTimeout(() => this.moves.ask({ ...this.moves.waiting, moving: false }), REST_MS);
    this.flush("cursor");
  }

  private moved(message: CursorMessage): void {
    if (message.ack) {
      // The frame came before.
      if (this.asked) untilPainted("vizapp:cursor-to-answer", this.asked);
      this.asked = 0;
      this.moves.answered();
    }
    // Where the hand is already, the server comes to be.
    if (this.moves.pending) return;
    this.cursor = message;
    this.flush("cursor");
  }

  private begin(message: TimelineMessage): void {
    const before = this.head;
    this.head = message.kind === null ? null : message;
    if (before?.kind !== message.kind) {
      this.curves.clear();
      clearTimeout(this.resting);
    }
    clearTimeout(this.settling);
    this.tell("head");
  }

  private take(message: CurveMessage): void {
    const known = this.curve(message.way, message.network);
    if (!this.head || (known && (known.turn > message.turn || (known.turn === message.turn && known.exact)))) return;
    this.curves.set(key(message.way, message.network), message);
    if (!message.settled) this.settle();
    this.tell("curves");
  }

  /** Nothing is being drawn any more: all curves, please, and exactly. */
  private settle(): void {
    clearTimeout(this.settling);
    if (this.head) this.settling = window.setTimeout(() => this.hub.send({ type: "sweep_settle" }), SETTLE_MS);
  }

  private get networks(): string[] {
    return [...new Set([...this.curves.values()].map(({ network }) => network))];
  }

  /** In the next frame, once, however much comes until then: a pen at an end changes everything at every movement. */
  private tell(event: keyof Events): void {
    if (!this.due.size) requestAnimationFrame(() => this.flush());
    this.due.add(event);
  }

  /** Now, and what was put off with it: a cursor follows the hand at once. */
  private flush(event?: keyof Events): void {
    const { head, cursor } = this;
    const due = event ? this.due.add(event) : this.due;
    this.due = new Set();
    if (due.has("head")) this.emit("head", head);
    if (due.has("curves")) this.emit("curves", null);
    if (due.has("cursor")) this.emit("cursor", cursor);
  }

  private emit<K extends keyof Events>(event: K, value: Events[K]): void {
    for (const listener of this.listeners.get(event) ?? []) (listener as Listener<K>)(value);
  }
}

function key(way: string, network: string): string {
  return `${way} ${network}`;
}

/** The row of a curve that is nearest to a position. */
export function rowAt({ positions }: { positions: Float32Array }, position: number): number {
  let best = 0;
  positions.forEach((at, row) => {
    if (Math.abs(at - position) < Math.abs(positions[best] - position)) best = row;
  });
  return best;
}
