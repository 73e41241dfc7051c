/** What the server says of a layer, a map or a node's edges, laid out in rows and columns. */

import { nodeName } from "./network";
import type { Sheet } from "./numbers";
import type { EdgeTableMessage, TableMessage, TabledEdges } from "./tabled";
import type { NetworkMessage } from "./wire";

/** What a cell of a map shows. */
export const VALUES = { output: "output", pre: "sum", reference: "output for the reference", difference: "difference to the reference" };
export type Value = keyof typeof VALUES;

/** The values that a table can show, the usual one first. */
export function valuesOf({ pre, reference }: TableMessage): Value[] {
  return ["output", ...(pre ? (["pre"] as const) : []), ...(reference ? (["reference", "difference"] as const) : [])];
}

export function sheetOf(network: NetworkMessage, table: TableMessage, value: Value, primary: number | null): Sheet {
  const { layer, rows, cols, first } = table;
  const at = first !== null && primary !== null && primary >= first && primary < first + rows * cols ? primary - first : null;
  const about = `${titleOf(network, table)}${table.empty ? ", for an empty pad" : ""}`;
  if (layer !== null && cols === 1) {
    const shown = valuesOf(table);
    const last = layer === network.layers[network.layers.length - 1].name;
    return {
      caption: about,
      corner: last ? "digit" : "unit",
      columns: shown.map((name) => VALUES[name]),
      rows: Array.from({ length: rows }, (_, i) => ({
        head: String(last ? i : i + 1),
        cells: shown.map((name) => column(table, name)[i]),
      })),
      current: at === null ? null : [at, 0],
    };
  }
  const numbers = column(table, value);
  return {
    caption: `${about}: ${layer === null ? "ink of each pixel, from 0 to 1" : VALUES[value]}`,
    corner: "row",
    columns: Array.from({ length: cols }, (_, i) => String(i)),
    rows: Array.from({ length: rows }, (_, i) => ({ head: String(i), cells: Array.from(numbers.subarray(i * cols, (i + 1) * cols)) })),
    current: at === null ? null : [Math.floor(at / cols), at % cols],
  };
}

function titleOf(network: NetworkMessage, { layer, map, maps }: TableMessage): string {
  if (layer === null) return "What the network sees";
  const label = network.layers.find(({ name }) => name === layer)?.label ?? layer;
  return maps > 1 ? `${label}, map ${map + 1}` : label;
}

function column({ output, pre, reference }: TableMessage, value: Value): Float32Array {
  if (value === "pre" && pre) return pre;
  if (value === "reference" && reference) return reference;
  if (value === "difference" && reference) return output.map((number, i) => number - reference[i]);
  return output;
}

/** The edges into a node and those out of it. */
export function edgeSheets(network: NetworkMessage, { node, into, out }: EdgeTableMessage): Sheet[] {
  const name = nodeName(network, node);
  return [
    edgeSheet(network, into, `Edges into ${name}`, "from"),
    edgeSheet(network, out, `Edges out of ${name}`, "to"),
  ].filter(({ rows }) => rows.length);
}

function edgeSheet(network: NetworkMessage, edges: TabledEdges, about: string, corner: string): Sheet {
  const { nodes, count, pool } = edges;
  const some = nodes.length < count ? `the strongest ${nodes.length} of ${count}` : `all ${count}`;
  return {
    caption: `${about}, ${some}`,
    corner,
    columns: pool ? ["input", "passed on"] : ["weight", "input", "contribution"],
    rows: Array.from(nodes, (node, i) => ({
      head: nodeName(network, node),
      cells: [...(pool ? [] : [edges.weights[i]]), edges.inputs[i], edges.products[i]],
    })),
  };
}
