/** Positions and answers in words. */

import { percent } from "../dom";
import type { Sheet } from "../numbers";
import { short } from "../timeline/axes";
import type { CrossingMessage, MapAxis } from "./messages";

/** "rotation −20°", "shift down 3 px", "t 0.42". */
export function placed(axis: MapAxis, at: number): string {
  const name = axis.name === "t" ? "t" : axis.label.split(",")[0];
  const unit = axis.unit === "°" || axis.unit === "×" || !axis.unit ? axis.unit : ` ${axis.unit}`;
  return `${name} ${short(at)}${unit}`;
}

/** "rotation, counter-clockwise (°)". */
export function titled({ name, label, unit }: MapAxis): string {
  if (name === "t") return "t, from the start (0) to the end (1)";
  return unit ? `${label} (${unit})` : label;
}

export function rowName(map: CrossingMessage, row: number): string {
  return map.names.length ? map.names[row].label : placed(map.second, map.rows[row]);
}

/** What is in a cell. */
export function cellWords(map: CrossingMessage, row: number, column: number): string {
  const cell = row * map.columns.length + column;
  const where = `${placed(map.first, map.columns[column])}, ${rowName(map, row)}`;
  return `${where}: ${map.answers[cell]}, ${percent(map.confidence[cell]).trim()}`;
}

/** One line for each input. */
export function numbersOf(map: CrossingMessage): Sheet {
  const across = map.columns.length;
  const second = map.names.length ? "way" : titled(map.second);
  return {
    caption: `${titled(map.first)} × ${second}, ${map.network}`,
    corner: titled(map.first),
    columns: [second, "answer", "confidence", "margin of the logits"],
    rows: Array.from({ length: map.answers.length }, (_, cell) => {
      const row = Math.floor(cell / across);
      const head = String(Number(map.columns[cell % across].toPrecision(6)));
      const at = map.names.length ? map.names[row].label : Number(map.rows[row].toPrecision(6));
      return { head, cells: [at, map.answers[cell], map.confidence[cell], map.margin[cell]] };
    }),
  };
}
