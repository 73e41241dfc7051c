/** The page's switchboard: panes of one Bokeh document meet here, and nowhere else. */

import type {
  ClientMessage,
  FrameMessage,
  InkMessage,
  InspectionMessage,
  NetworkMessage,
  SavedStroke,
  ServerMessage,
  Settings,
  WalkMessage,
} from "./wire";

/** A server's message is heard under its type. */
type Told = { [M in ServerMessage as Exclude<M["type"], "settings" | "state">]: M };

export interface Events extends Told {
  settings: Settings;
  /** Edges to point out, in whichever pane. */
  highlight: { source: number; target: number; value: number }[];
  /** The node under the pointer, in whichever pane; null when it left. `at`: time stamp of the pointer's event. */
  focus: { node: number | null; origin: string; at?: number };
  /** What a click would select where more than one node is pointed at: a layer, a map, a result of the search. */
  preview: Preview | null;
  /** The edges of the node in focus, or none any more, were drawn in this animation frame in the pane named `pane`. */
  traced: { pane: string; node: number | null };
  /** What the inspected node sees of the picture, and where that is on the pad; null while nothing is to be outlined. */
  field: Pick<InspectionMessage, "field" | "pad">;
  /** A frame's content reached the screen in the pane named `pane`. */
  painted: { pane: string; ack: number };
  theme: { dark: boolean };
  /** Nodes were picked here; the server has not said yet what is selected now. */
  picking: { nodes: ArrayLike<number>; mode: string };
  /** The pen was put down on the paper, or lifted. */
  pen: { down: boolean };
  /** The pen's newest points went to the server; `start`: time stamp of the newest pointer event. */
  sent: { seq: number; start: number };
  /** The numbers behind a pane are wanted. */
  tables: { pane: string };
  /** The tab has stored the state that the server knows. */
  saved: null;
  /** What could be undone and redone now, in words. */
  steps: { undo: string | null; redo: string | null };
}

export interface Preview {
  name: string;
  nodes: Uint32Array;
}

type Listener<K extends keyof Events> = (event: Events[K]) => void;

export class Hub {
  network: NetworkMessage | null = null;
  frame: FrameMessage | null = null;
  ink: InkMessage | null = null;
  settings: Settings | null = null;
  focus: number | null = null;
  selection: Uint32Array = new Uint32Array(0);
  /** When nodes were last picked here. */
  picked = 0;
  preview: Preview | null = null;
  /** The walk that the page is on. */
  walk: WalkMessage | null = null;
  /** Strokes that the server may not have saved yet, as a saved state lists them. */
  unsaved: () => SavedStroke[] = () => [];
  /** Sends what changes the drawing, behind the strokes that were drawn before. */
  inOrder: (message: ClientMessage) => void = (message) => this.send(message);
  private listeners = new Map<keyof Events, Set<Listener<never>>>();
  private transmit: ((message: ClientMessage) => void) | null = null;
  private waiting: ClientMessage[] = [];

  on<K extends keyof Events>(event: K, listener: Listener<K>): () => void {
    const set = this.listeners.get(event) ?? new Set();
    this.listeners.set(event, set);
    set.add(listener as Listener<never>);
    return () => set.delete(listener as Listener<never>);
  }

  emit<K extends keyof Events>(event: K, value: Events[K]): void {
    for (const listener of this.listeners.get(event) ?? []) {
      try {
        (listener as Listener<K>)(value);
      } catch (error) {
        console.error(`vizapp: a pane failed on "${event}"`, error);
      }
    }
  }

  /** Connect the way to the server; what panes said before goes now. */
  connect(transmit: (message: ClientMessage) => void): void {
    this.transmit = transmit;
    for (const message of this.waiting.splice(0)) transmit(message);
  }

  send(message: ClientMessage): void {
    if (this.transmit) this.transmit(message);
    else this.waiting.push(message);
    if (message.type !== "pick") return;
    this.picked = performance.now();
    this.emit("picking", { nodes: message.nodes, mode: message.mode });
  }

  receive(message: Exclude<ServerMessage, { type: "state" }>): void {
    switch (message.type) {
      case "network":
        this.network = message;
        this.frame = null;
        this.focus = null;
        // Another network's nodes are others; which of them are selected is told next.
        this.selection = new Uint32Array(0);
        this.setPreview(null);
        this.walk = null;
        break;
      case "frame":
        // A frame of the network that was just left would colour the wrong nodes.
        if (message.network === this.network?.name) this.frame = message;
        break;
      case "selection":
        this.selection = message.nodes;
        break;
      case "walk":
        this.walk = message.kind === null ? null : message;
        break;
      case "ink":
        this.ink = message;
        break;
      case "settings":
        this.settings = message.values;
        this.emit("settings", message.values);
        return;
    }
    this.emit(message.type, message as never);
  }

  setFocus(node: number | null, origin: string, at?: number): void {
    if (node === this.focus) return;
    this.focus = node;
    this.emit("focus", { node, origin, at });
  }

  setPreview(preview: Preview | null): void {
    if (preview === this.preview) return;
    this.preview = preview;
    this.emit("preview", preview);
  }
}

const hubs = new WeakMap<object, Hub>();

/** The hub of a Bokeh document. */
export function hubOf(document: object): Hub {
  let hub = hubs.get(document);
  if (!hub) hubs.set(document, (hub = new Hub()));
  return hub;
}
