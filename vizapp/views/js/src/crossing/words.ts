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

/** "7 with 98.2 % at rotation −20°, shift down 3 px". */
export function cellWords(map: CrossingMessage, row: number, column: number): string {
  const cell = row * map.columns.length + column;
  const where = `${placed(map.first, map.columns[column])}, ${rowName(map, row)}`;
  return `${map.answers[cell]} with ${percent(map.confidence[cell]).trim()} at ${where}`;
}

/** One line for each input. */
export function numbersOf(map: CrossingMessage): Sheet {
  const across = map.columns.length;
  const [first, second] = [headed(map.first), map.names.length ? "way" : headed(map.second)];
  return {
    caption: `${first} × ${second}, ${map.network}`,
    corner: first,
    columns: [second, "answer", "confidence", "margin of logits"],
    rows: Array.from(map.answers, (answer, cell) => {
      const row = Math.floor(cell / across);
      const at = map.names.length ? map.names[row].label : Number(map.rows[row].toPrecision(6));
      const head = String(Number(map.columns[cell % across].toPrecision(6)));
      return { head, cells: [at, answer, map.confidence[cell], map.margin[cell]] };
    }),
  };
}

/** "rotation (°)", "t". */
function headed({ name, label, unit }: MapAxis): string {
  if (name === "t") return name;
  return `${label.split(",")[0]} (${unit})`;
}
