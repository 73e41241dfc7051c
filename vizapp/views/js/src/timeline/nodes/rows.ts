/** A picture with a row for each node: rows are pointed at, clicked, swept over, and walked through by keys. */

import { h } from "../../dom";
import type { Hub } from "../../hub";
import { Plot, draw } from "../axes";
import { CursorLine, dragsCursor } from "../cursor";
import type { Sheet } from "../sheet";
import { stepped } from "./keys";
import { spread } from "./lines";

/** A pointer that moved less than this meant one row. */
const SLACK = 4;
const BAR = 10;

export interface Place {
  row: number;
  position: number;
}

export class Rows {
  readonly plot = new Plot({ left: 50, right: 76, top: 16 });
  onsize: () => void = () => {};
  onpoint: (place: Place | null) => void = () => {};
  onpick: (row: number, event: { shiftKey: boolean }) => void = () => {};
  onrun: (from: number, to: number, add: boolean) => void = () => {};
  private readonly canvas = h("canvas", { role: "img" });
  private readonly bar = h("canvas", { class: "legend-bar", width: 1, height: 256, "aria-hidden": "true" });
  private readonly option = h("div", { role: "option", class: "row-mark", id: "node-row", "aria-selected": "false" }, "No row");
  private readonly run = h("div", { class: "run-mark", hidden: true });
  private readonly list = h("div", { class: "rows", role: "listbox", tabindex: 0, "aria-multiselectable": "true", "aria-label": "Nodes, row by row: arrow keys go through them, Enter selects" }, this.option);
  private readonly tip = h("div", { class: "tip num", hidden: true });
  private readonly grip = h("div", { class: "grip", "aria-hidden": "true" });
  private readonly cursor: CursorLine;
  private readonly marks = draw("path", { class: "selected-rows" });
  private readonly texts = draw("g", { class: "axis" });
  private count = 0;
  private current: Place | null = null;
  private pressed: { row: number; y: number; run: boolean } | null = null;

  constructor(
    private readonly hub: Hub,
    private readonly sheet: Sheet,
  ) {
    const { plot } = this;
    plot.root.classList.add("node-map");
    plot.svg.setAttribute("aria-hidden", "true");
    plot.root.prepend(this.canvas);
    plot.root.append(this.bar, this.list, this.run, this.grip, this.tip);
    plot.front.append(this.marks, this.texts);
    this.cursor = new CursorLine(plot, sheet);
    // Below and beside the rows, and at its own line, the cursor can be taken.
    dragsCursor(hub, plot, sheet);
    plot.onlayout = () => this.laid();
    this.listen();
  }

  frame(x: [number, number], count: number, title: string, rows: string): void {
    this.count = count;
    this.plot.domain(x, [0, count], { x: title, y: rows, formatY: () => "" });
  }

  clear(): void {
    this.canvas.width = this.canvas.height = 1;
    this.current = null;
  }

  paint(levels: Uint8Array, width: number, height: number, table: Uint32Array, about: string): void {
    const { canvas } = this;
    if (canvas.width !== width || canvas.height !== height) [canvas.width, canvas.height] = [width, height];
    const image = new ImageData(width, height);
    const pixels = new Uint32Array(image.data.buffer);
    for (let i = 0; i < pixels.length; i++) pixels[i] = table[levels[i]];
    canvas.getContext("2d")!.putImageData(image, 0, 0);
    canvas.setAttribute("aria-label", about);
  }

  legend(table: Uint32Array, numbers: string[], title: string): void {
    const image = new ImageData(1, 256);
    new Uint32Array(image.data.buffer).set(table.slice().reverse());
    this.bar.getContext("2d")!.putImageData(image, 0, 0);
    const [, top, right, bottom] = this.plot.frame;
    const middle = (top + bottom) / 2;
    const x = right + BAR + 14;
    const turned = right + 66;
    this.texts.replaceChildren(
      draw("text", { x, y: bottom }, numbers[0]),
      draw("text", { x, y: middle + 4 }, numbers[1]),
      draw("text", { x, y: top + 8 }, numbers[2]),
      draw("text", { x: turned, y: middle, transform: `rotate(-90 ${turned} ${middle})`, "text-anchor": "middle", class: "title" }, title),
    );
  }

  /** Names beside the rows that they begin at. */
  groups(groups: { name: string; row: number }[]): void {
    const [left, top, , bottom] = this.plot.frame;
    const at = groups.map(({ row }, i) => this.y((row + (groups[i + 1]?.row ?? this.count)) / 2));
    const places = spread(at, 12, top + 4, bottom - 2);
    const names = groups.map(({ name }, i) => draw("text", { x: left - 10, y: places[i] + 4, "text-anchor": "end" }, name));
    const lines = groups.slice(1).map(({ row }) => draw("path", { d: `M${left - 8} ${this.y(row).toFixed(1)}h8` }));
    this.texts.append(...names, ...lines);
    this.plot.root.classList.toggle("grouped", groups.length > 0);
  }

  mark(rows: number[]): void {
    const [left, , right] = this.plot.frame;
    const thick = Math.max(2, this.height - 1);
    this.marks.setAttribute("d", rows.map((row) => `M${left - 7} ${this.y(row + 0.5).toFixed(1)}h6M${right + 1} ${this.y(row + 0.5).toFixed(1)}h5`).join(""));
    this.marks.setAttribute("stroke-width", String(thick));
    this.marks.setAttribute("data-rows", rows.length > 50 ? String(rows.length) : rows.join(" "));
  }

  /** The row that is pointed at, here or elsewhere. */
  outline(row: number | null): void {
    const on = row !== null && row < this.count;
    this.option.classList.toggle("on", on);
    if (!on) return;
    const [, top] = this.plot.frame;
    Object.assign(this.option.style, { top: `${this.y(row) - top}px`, height: `${Math.max(3, this.height)}px` });
  }

  /** Over the rows, in the half that is not pointed at. */
  tell(text: string, row: number | null): void {
    const [, top, right, bottom] = this.plot.frame;
    this.tip.hidden = row === null;
    if (row === null) return;
    this.tip.textContent = text;
    const above = this.y(row) > (top + bottom) / 2;
    Object.assign(this.tip.style, { right: `${this.plot.width - right + 2}px`, top: above ? `${top + 2}px` : "", bottom: above ? "" : `${this.plot.height - bottom + 2}px` });
  }

  name(text: string, row: number, count: number, selected: boolean): void {
    this.option.textContent = text;
    this.option.id = `node-row-${row}`;
    this.option.setAttribute("aria-posinset", String(row + 1));
    this.option.setAttribute("aria-setsize", String(count));
    this.option.setAttribute("aria-selected", String(selected));
    this.list.setAttribute("aria-activedescendant", this.option.id);
  }

  /** The cursor's line can be taken where it is. */
  moved(): void {
    const { position } = this.sheet.cursor;
    const [, top, , bottom] = this.plot.frame;
    this.grip.hidden = position === null;
    if (position !== null) Object.assign(this.grip.style, { left: `${this.plot.x.to(position)}px`, top: `${top}px`, height: `${bottom - top}px` });
  }

  /** Of a row, in px; the first is at the top. */
  private get height(): number {
    const [, top, , bottom] = this.plot.frame;
    return (bottom - top) / this.count;
  }

  private y(row: number): number {
    return this.plot.frame[1] + row * this.height;
  }

  private laid(): void {
    const [left, top, right, bottom] = this.plot.frame;
    const box = { left: `${left}px`, top: `${top}px`, width: `${right - left}px`, height: `${bottom - top}px` };
    Object.assign(this.canvas.style, box);
    Object.assign(this.list.style, box);
    Object.assign(this.run.style, { left: box.left, width: box.width });
    Object.assign(this.bar.style, { left: `${right + 10}px`, top: box.top, width: `${BAR}px`, height: box.height });
    this.cursor.show();
    this.moved();
    this.onsize();
  }

  private listen(): void {
    const { list } = this;
    list.addEventListener("pointermove", (event) => this.pointed(event));
    list.addEventListener("pointerleave", () => !this.pressed && this.point(null));
    list.addEventListener("pointerdown", (event) => {
      const place = this.under(event);
      event.stopPropagation();
      if (event.button || !place) return;
      this.pressed = { row: place.row, y: event.clientY, run: false };
      if (event.pointerType === "mouse") list.setPointerCapture(event.pointerId);
    });
    list.addEventListener("pointerup", (event) => this.released(event));
    list.addEventListener("pointercancel", () => this.drop());
    list.addEventListener("keydown", (event) => this.key(event));
    list.addEventListener("focus", () => this.current ?? this.point({ row: 0, position: this.sheet.cursor.position ?? this.sheet.head?.low ?? 0 }));
    list.addEventListener("blur", () => this.point(null));
  }

  private under(event: MouseEvent): Place | null {
    if (!this.count) return null;
    const box = this.list.getBoundingClientRect();
    const row = Math.floor(((event.clientY - box.top) / box.height) * this.count);
    return { row: Math.max(0, Math.min(this.count - 1, row)), position: this.plot.at(event) };
  }

  private pointed(event: PointerEvent): void {
    const place = this.under(event);
    if (!place) return;
    this.point(place);
    const { pressed } = this;
    if (!pressed) return;
    pressed.run ||= Math.abs(event.clientY - pressed.y) > SLACK;
    const [from, to] = [Math.min(pressed.row, place.row), Math.max(pressed.row, place.row)];
    this.run.hidden = !pressed.run;
    Object.assign(this.run.style, { top: `${this.y(from)}px`, height: `${(to - from + 1) * this.height}px` });
  }

  private released(event: PointerEvent): void {
    const { pressed } = this;
    const place = this.under(event);
    this.drop();
    if (!pressed || !place) return;
    if (pressed.run && place.row !== pressed.row) this.onrun(Math.min(pressed.row, place.row), Math.max(pressed.row, place.row), event.shiftKey);
    else this.onpick(pressed.row, event);
  }

  private drop(): void {
    this.pressed = null;
    this.run.hidden = true;
  }

  private point(place: Place | null): void {
    this.current = place;
    this.onpoint(place);
  }

  private key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { current, count, sheet } = this;
    if (event.key === "Enter" || event.key === " ") {
      if (current) this.onpick(current.row, event);
    } else if (event.key === "ArrowLeft" || event.key === "ArrowRight") {
      const { head, cursor } = sheet;
      const locked = this.hub.settings?.locked.includes("cursor");
      const to = head && cursor.position !== null && !locked ? stepped(event.key, event.shiftKey, cursor.position, head.low, head.high) : null;
      if (to === null) return;
      sheet.move(to);
      if (current) this.point({ ...current, position: to });
    } else {
      const from = current?.row ?? -1;
      const page = Math.max(5, Math.round(count / 10));
      const to = { ArrowDown: from + 1, ArrowUp: from - 1, PageDown: from + page, PageUp: from - page, Home: 0, End: count - 1 }[event.key];
      if (to === undefined) return;
      this.point({ row: Math.max(0, Math.min(count - 1, to)), position: sheet.cursor.position ?? current?.position ?? sheet.head?.low ?? 0 });
    }
    event.preventDefault();
    event.stopPropagation();
  }
}
