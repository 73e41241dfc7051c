/** Pointing, dragging and keys on the map. */

import type { Hub } from "../hub";
import { Question } from "../question";
import type { Area } from "./area";
import { load } from "./image";
import type { MapItem, MapPointMessage } from "./messages";
import type { MapView, Place } from "./view";

export type Dragging = "pan" | "box" | "lasso";

/** A smaller movement is a click. */
const CLICK_PX = 4;
/** An image is pointed at from so near. */
const REACH_PX = 14;
const STEP = 0.12;
export const ZOOM = 1.5;

export class MapPointer {
  dragging: Dragging = "pan";
  /** What is pointed at, or nothing any more. */
  onPoint: (item: MapItem | null, image?: Uint8Array) => void = () => {};
  /** The area has changed; `done`: it is complete, or gone. */
  onArea: (done: boolean) => void = () => {};
  /** Whether the keyboard points at the middle of the map. */
  byKeys = false;
  private readonly question: Question<Place>;
  private pressed: Place | null = null;
  private last: Place = [0, 0];
  private moved = false;
  private over: Place | null = null;
  private found: MapPointMessage | null = null;
  /** What is nearest to here is to be loaded, once it is known. */
  private wanted: Place | null = null;

  constructor(
    private readonly hub: Hub,
    private readonly element: HTMLElement,
    private readonly view: MapView,
    private readonly area: Area,
  ) {
    this.question = new Question(hub, ([x, y], seq) => ({ type: "map_point", seq, x, y }));
    hub.on("map_point", (message) => {
      this.question.answered();
      this.take(message);
    });
    hub.on("map_waits", ({ question }) => question === "map_point" && this.question.answered());
    element.addEventListener("pointerdown", (event) => this.down(event));
    element.addEventListener("pointermove", (event) => this.move(event));
    element.addEventListener("pointerup", () => this.up());
    element.addEventListener("pointercancel", () => this.cancel());
    element.addEventListener("pointerleave", () => !this.pressed && this.leave());
    element.addEventListener("wheel", (event) => {
      event.preventDefault();
      this.view.zoom(Math.exp(-Math.max(-300, Math.min(300, event.deltaY)) / 400), this.at(event));
    }, { passive: false });
    element.addEventListener("keydown", (event) => this.key(event));
    element.addEventListener("blur", () => this.byKeys && this.leave());
  }

  /** Nothing is pointed at: another map, or none. */
  leave(): void {
    this.question.drop();
    this.byKeys = false;
    this.over = this.wanted = this.found = null;
    this.onPoint(null);
  }

  /** A drag that is under way is none. */
  cancel(): void {
    if (this.pressed && this.moved && this.dragging !== "pan") this.area.clear();
    this.pressed = null;
    this.onArea(true);
  }

  get pressing(): boolean {
    return this.pressed !== null && this.moved;
  }

  private at(event: MouseEvent): Place {
    const box = this.element.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  }

  private down(event: PointerEvent): void {
    if (event.button !== 0 || !event.isPrimary) return;
    this.element.setPointerCapture(event.pointerId);
    this.element.focus({ preventScroll: true });
    this.byKeys = false;
    this.moved = false;
    this.pressed = this.last = this.at(event);
    this.point(this.pressed);
  }

  private move(event: PointerEvent): void {
    if (!event.isPrimary) return;
    const now = this.at(event);
    if (!this.pressed) {
      this.byKeys = false;
      return this.point(now);
    }
    if (!this.moved && Math.hypot(now[0] - this.pressed[0], now[1] - this.pressed[1]) <= CLICK_PX) return;
    if (!this.moved) this.begin();
    if (this.dragging === "pan") this.view.pan(now[0] - this.last[0], now[1] - this.last[1]);
    else {
      if (this.dragging === "box") this.area.box(this.view.at(this.pressed), this.view.at(now));
      else this.area.add(this.view.at(now));
      this.onArea(false);
    }
    this.last = now;
  }

  /** Who drags does not point. */
  private begin(): void {
    this.moved = true;
    this.leave();
    if (this.dragging === "lasso") {
      this.area.begin();
      this.area.add(this.view.at(this.pressed!));
    }
  }

  private up(): void {
    const { pressed, moved } = this;
    this.pressed = null;
    if (!pressed) return;
    if (!moved) this.pick(pressed);
    else if (this.dragging !== "pan") this.onArea(true);
  }

  private point(px: Place): void {
    this.over = px;
    this.question.ask(this.view.at(px));
  }

  /** Load what is nearest: at once if it is known already. */
  private pick(px: Place): void {
    this.wanted = this.view.at(px);
    if (this.found) this.loadIf(this.found);
    if (this.wanted) this.question.ask(this.wanted);
  }

  private take(message: MapPointMessage): void {
    this.loadIf(message);
    if (!this.over || this.pressing) return;
    this.found = message;
    const [item] = message.items;
    const near = this.near(item, this.over);
    this.onPoint(near ? item : null, message.images);
  }

  private loadIf({ at, items }: MapPointMessage): void {
    if (!this.wanted || at[0] !== this.wanted[0] || at[1] !== this.wanted[1]) return;
    if (this.near(items[0], this.view.px(this.wanted))) load(this.hub, items[0]);
    this.wanted = null;
  }

  private near(item: MapItem, px: Place): boolean {
    const [x, y] = this.view.px(item.place);
    return this.byKeys || Math.hypot(x - px[0], y - px[1]) <= REACH_PX;
  }

  private key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { view } = this;
    const [dx, dy] = [STEP * view.width, STEP * view.height];
    const acts: Record<string, () => void> = {
      ArrowLeft: () => view.pan(dx, 0),
      ArrowRight: () => view.pan(-dx, 0),
      ArrowUp: () => view.pan(0, dy),
      ArrowDown: () => view.pan(0, -dy),
      "+": () => view.zoom(ZOOM),
      "=": () => view.zoom(ZOOM),
      "-": () => view.zoom(1 / ZOOM),
      "0": () => view.fit(),
      Enter: () => {},
    };
    const act = acts[event.key];
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    this.byKeys = true;
    act();
    const middle: Place = [view.width / 2, view.height / 2];
    if (event.key === "Enter") this.pick(middle);
    this.point(middle);
  }
}
