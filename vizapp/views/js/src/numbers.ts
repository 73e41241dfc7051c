/** Numbers in rows and columns: as a table for whoever reads the page, as CSV for whoever takes them along. */

import { h } from "./dom";

export interface Sheet {
  caption: string;
  /** What the first column's heads are: "row", "unit", "from". */
  corner: string;
  columns: string[];
  rows: { head: string; cells: (number | string)[] }[];
  /** Row and column of the selected node. */
  current?: [number, number] | null;
}

/** The shortest decimal that is this float32 and no other. */
export function exact(value: number): string {
  for (let digits = 6; digits < 9; digits++) {
    const text = value.toPrecision(digits);
    if (Math.fround(Number(text)) === Math.fround(value)) return String(Number(text));
  }
  return String(Number(value.toPrecision(9)));
}

export function tableOf({ caption, corner, columns, rows, current }: Sheet): HTMLTableElement {
  const head = h("tr", {}, h("th", { scope: "col" }, corner), ...columns.map((name) => h("th", { scope: "col" }, name)));
  const body = rows.map(({ head, cells }, row) => {
    const line = h("tr", {}, h("th", { scope: "row" }, head));
    cells.forEach((cell, column) => {
      const box = h("td", {}, typeof cell === "number" ? exact(cell).replace("-", "−") : cell);
      if (current && current[0] === row && current[1] === column) box.setAttribute("aria-current", "true");
      line.append(box);
    });
    return line;
  });
  return h("table", {}, h("caption", {}, caption), h("thead", {}, head), h("tbody", {}, ...body));
}

/** As RFC 4180 has it; several sheets one after another, an empty line between them. */
export function csvOf(sheets: Sheet[]): string {
  return sheets
    .map(({ corner, columns, rows }) =>
      [[corner, ...columns], ...rows.map(({ head, cells }) => [head, ...cells])]
        .map((line) => line.map((cell) => (typeof cell === "number" ? exact(cell) : quoted(cell))).join(","))
        .join("\r\n"),
    )
    .join("\r\n\r\n");
}

function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
