/** The sweep crossed with a second axis: a map of the answers, whose cross is the timeline's cursor. */

import { nearest } from "../crossing/edges";
import { MapLegend } from "../crossing/legend";
import type { CrossingMessage, CrossingStateMessage } from "../crossing/messages";
import { type Cell, MapPlot } from "../crossing/plot";
import { cellWords, numbersOf, titled } from "../crossing/words";
import { pictures } from "../actions";
import { h } from "../dom";
import { offerElement } from "../element-picture";
import type { Hub } from "../hub";
import { lockable, onLocks } from "../locks";
import type { SideChart } from "./chart";
import { Numbers } from "./nodes/numbers";
import type { Sheet } from "./sheet";

/** After the last change of the size, or of the drawing. */
const REST_MS = 200;
const FAR = 5;
const NONE = "";
/** What is offered where nothing is crossed yet. */
const OFFERED = ["way", "rotation", "x", "scale", "noise"];
const KEYS = "Arrow keys move the cross, with Shift further; Escape goes back to where nothing is done to the drawing.";

export function mapChart(sheet: Sheet, hub: Hub): SideChart {
  return new MapChart(sheet, hub);
}

class MapChart implements SideChart {
  readonly element: HTMLElement;
  readonly tools: HTMLElement;
  private readonly second = h("select", { "aria-label": "Cross with", onchange: () => this.choose() });
  private readonly said = h("span", { class: "muted said", role: "status" });
  private readonly act = h("button", { type: "button", hidden: true, onclick: () => this.stopOrGoOn() });
  private readonly plots = [new MapPlot(false), new MapPlot(true)];
  private readonly legend = new MapLegend();
  private readonly stage: HTMLElement;
  private readonly words = h("span", {});
  private readonly readout = h("span", { class: "here" });
  private readonly count = h("span", {});
  private readonly hint = h("div", { class: "map-hint" });
  private readonly spoken = h("span", { class: "visually-hidden", role: "status", "aria-live": "polite" });
  private readonly numbers: Numbers;
  private state: CrossingStateMessage | null = null;
  private map: CrossingMessage | null = null;
  private on = false;
  private pointed: Cell | null = null;
  private dragging = false;
  private locked = false;
  private timer = 0;

  constructor(
    private readonly sheet: Sheet,
    private readonly hub: Hub,
  ) {
    this.stage = h("div", { class: "map-stage" }, ...this.plots.map(({ plot }) => plot.root), this.legend.element);
    const figure = h("div", { class: "map-figure" }, this.stage, h("p", { class: "map-sentence" }, this.words), h("p", { class: "map-readout num" }, this.readout, this.count));
    const state = h("p", { class: "map-state" }, this.said, this.act);
    this.numbers = new Numbers(hub, "map of the crossed sweep", figure);
    this.numbers.of(() => this.map && numbersOf(this.map));
    const label = h("label", {}, h("span", { class: "muted" }, "Cross with"), this.second);
    const take = h("div", { class: "v-actions compact" }, pictures(hub, "crossing"));
    this.tools = h("div", { class: "map-tools" }, lockable(hub, ["crossed"], label), this.numbers.toggle, take);
    this.element = h("div", { class: "map-chart" }, this.hint, figure, h("div", { class: "nodes-chart map-numbers" }, this.numbers.root), state, this.spoken);
    onLocks(hub, ["cursor", "across"], (locked) => (this.locked = locked));
    offerElement(hub, "crossing", "Answers over two sweeps crossed", figure, "v-timeline");
    for (const plot of this.plots) this.listen(plot);
    hub.on("crossing", (message) => this.take(message));
    hub.on("crossing_state", (message) => this.follow(message));
    hub.on("theme", () => this.map && this.repaint());
    // A session that begins anew does not know what is in sight.
    hub.on("network", () => this.later(0));
    sheet.on("head", () => {
      if (this.state?.state === "waiting") this.later(REST_MS);
      this.show();
    });
    sheet.on("cursor", () => this.on && this.showCross());
    this.show();
  }

  shown(on: boolean): void {
    this.on = on;
    clearTimeout(this.timer);
    if (on) this.ask();
    else this.hub.send({ type: "crossing", width: 0, height: 0 });
  }

  // What is asked for

  private get plot(): MapPlot {
    return this.plots[this.state?.second === "way" ? 1 : 0];
  }

  private ask(): void {
    clearTimeout(this.timer);
    if (!this.on) return;
    const [width, height] = this.plot.size;
    // Without a size there is nothing to see, but what it could be crossed with is asked for.
    this.hub.send({ type: "crossing", width: width || 300, height: height || 150 });
  }

  private later(milliseconds: number): void {
    clearTimeout(this.timer);
    if (this.on) this.timer = window.setTimeout(() => this.ask(), milliseconds);
  }

  private choose(): void {
    this.hub.send({ type: "cross", second: this.second.value === NONE ? null : this.second.value });
  }

  private stopOrGoOn(): void {
    if (this.state?.state === "working") this.hub.send({ type: "crossing_stop" });
    else this.ask();
  }

  // What is told

  private follow(message: CrossingStateMessage): void {
    this.state = message;
    if (message.state === "waiting") this.later(REST_MS);
    if (this.map && (this.map.second.name !== message.second || this.map.kind !== this.sheet.head?.kind)) this.map = null;
    this.show();
  }

  private take(message: CrossingMessage): void {
    if (message.kind !== this.sheet.head?.kind) return;
    this.map = message;
    this.plot.show(message);
    this.legend.show(message);
    this.words.textContent = message.sentence;
    this.count.textContent = `${message.rows.length} × ${message.columns.length} inputs`;
    this.plot.area.setAttribute("aria-label", `Map of answers: ${titled(message.first)} from left to right, ${titled(message.second)} ${message.names.length ? "from top to bottom" : "upwards"}. ${message.sentence} ${KEYS}`);
    this.numbers.of(() => this.map && numbersOf(this.map));
    this.show();
    const [width, height] = this.plot.size;
    // The pane has another size by now.
    if (width && (width !== message.width || height !== message.height)) this.later(REST_MS);
  }

  private show(): void {
    const { state, map } = this;
    const options: [string, string][] = [[NONE, "nothing"], ...(state?.choices ?? []).map(({ value, label }): [string, string] => [value, label])];
    const known = options.map(([value]) => value).join();
    if (this.second.dataset.known !== known) {
      this.second.dataset.known = known;
      this.second.replaceChildren(...options.map(([value, text]) => h("option", { value }, text)));
    }
    this.second.value = state?.second ?? NONE;
    this.plots.forEach(({ plot }) => (plot.root.hidden = plot !== this.plot.plot));
    this.stage.parentElement!.classList.toggle("empty", !map);
    this.tools.classList.toggle("empty", !map);
    this.showHint();
    const what = state?.state ?? "none";
    this.said.textContent = {
      none: "",
      waiting: "The drawing is changing.",
      working: `${map && this.fresh ? "" : "First picture: "}${state?.done ?? 0} of ${state?.total ?? 0} inputs`,
      done: "",
      stopped: map && this.fresh ? "Stopped at the coarse picture." : "Stopped.",
      failed: "The map could not be made.",
    }[what];
    this.said.parentElement!.hidden = !this.said.textContent;
    // Over the number of inputs: who points at the map finds it where it was when the line goes.
    this.said.parentElement!.classList.toggle("over", map !== null);
    this.act.hidden = !["working", "stopped", "failed"].includes(what);
    this.act.textContent = { working: "Stop", stopped: "Go on", failed: "Try again" }[what as "working"] ?? "";
    this.stage.classList.toggle("stale", map !== null && !this.fresh);
    this.showCross();
  }

  /** Why there is no map, or how there comes to be one. */
  private showHint(): void {
    const { state, sheet } = this;
    const problem = state?.problem ?? null;
    this.hint.hidden = !state || (problem === null && state.second !== null);
    const name = sheet.head?.axis.label.split(",")[0] ?? "";
    const text = problem ?? `Cross ${name === "morph" ? "the morph" : name} with something else: a map then shows the answer for every pair of positions.`;
    const offered = problem === null && state ? OFFERED.flatMap((second) => state.choices.filter(({ value }) => value === second)).slice(0, 4) : [];
    const known = `${text} ${offered.map(({ value }) => value).join()}`;
    if (this.hint.dataset.known === known) return;
    this.hint.dataset.known = known;
    const buttons = offered.map(({ value, label }) => h("button", { type: "button", onclick: () => this.hub.send({ type: "cross", second: value }) }, value === "way" ? "with its ways" : `with ${label.split(",")[0]}`));
    this.hint.replaceChildren(h("p", { class: "muted" }, text), lockable(this.hub, ["crossed"], ...buttons));
  }

  /** The picture is of what is on the timeline; else of what was there until now. */
  private get fresh(): boolean {
    const { map, state } = this;
    const following = state?.state === "waiting" || (state?.state === "working" && (state.total || Infinity) < 200 && map?.fine);
    return map !== null && !following && map.network === this.hub.network?.name;
  }

  // The cross

  private showCross(): void {
    const { map, sheet } = this;
    const { position } = sheet.cursor;
    const at = map && position !== null ? { position, across: this.across } : null;
    this.plot.put(at);
    const cell = this.pointed ?? (map && at ? { row: nearest(map.rows, at.across), column: nearest(map.columns, at.position) } : null);
    this.readout.textContent = map && cell ? cellWords(map, cell.row, cell.column) : "\u00a0";
    this.readout.classList.toggle("pointed", this.pointed !== null);
  }

  /** On the second axis; of a way, the number of its row. */
  private get across(): number {
    const { map, sheet } = this;
    if (!map) return 0;
    if (map.names.length) return Math.max(0, map.names.findIndex(({ name }) => name === sheet.cursor.way));
    return sheet.cursor.across ?? map.second.neutral ?? 0;
  }

  private go({ row, column }: Cell): void {
    const { map, sheet } = this;
    if (!map || this.locked) return;
    const position = map.columns[column];
    if (!map.names.length) return sheet.moveAcross(map.rows[row], position);
    sheet.move(position);
    if (map.names[row].name !== sheet.cursor.way) sheet.takeWay(map.names[row].name);
  }

  private listen(plot: MapPlot): void {
    const { area } = plot;
    plot.onsize = () => this.map && this.later(REST_MS);
    area.addEventListener("pointerdown", (event) => {
      const cell = event.button === 0 ? plot.cellAt(event) : null;
      if (!cell) return;
      area.setPointerCapture(event.pointerId);
      this.dragging = true;
      this.go(cell);
    });
    area.addEventListener("pointermove", (event) => {
      this.pointed = plot.cellAt(event);
      if (this.dragging && this.pointed) this.go(this.pointed);
      else this.showCross();
    });
    for (const end of ["pointerup", "pointercancel"]) area.addEventListener(end, () => (this.dragging = false));
    area.addEventListener("pointerleave", () => {
      this.pointed = null;
      this.showCross();
    });
    area.addEventListener("keydown", (event) => this.key(event));
  }

  private key(event: KeyboardEvent): void {
    const { map, sheet } = this;
    if (!map || this.locked || event.ctrlKey || event.metaKey || event.altKey) return;
    const step = event.shiftKey ? FAR : 1;
    const up = map.names.length ? -step : step;
    const way = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, up], ArrowDown: [0, -up], Home: [-Infinity, 0], End: [Infinity, 0] }[event.key];
    if (way) {
      const at = { column: nearest(map.columns, sheet.cursor.position ?? map.first.neutral ?? 0), row: nearest(map.rows, this.across) };
      const cell = { column: within(at.column + way[0], map.columns.length), row: within(at.row + way[1], map.rows.length) };
      this.pointed = null;
      this.go(cell);
      this.spoken.textContent = cellWords(map, cell.row, cell.column);
    } else if (event.key === "Escape" && map.second.neutral !== null) {
      sheet.moveAcross(map.second.neutral, map.first.neutral ?? sheet.cursor.position ?? 0);
      this.spoken.textContent = "Back to as drawn.";
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }

  private repaint(): void {
    this.plot.paint();
    if (this.map) this.legend.show(this.map);
  }
}

function within(index: number, count: number): number {
  return Math.min(count - 1, Math.max(0, index));
}
