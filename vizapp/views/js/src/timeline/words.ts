/** What a sweep says, in words: positions with their units, where the answer changes, how far it holds. */

import { short } from "./axes";
import type { CurveMessage, Interval, TimelineMessage } from "./messages";

type Head = Pick<TimelineMessage, "axis" | "kind">;

export function isRange(head: Head): boolean {
  return head.kind !== "morph" && head.kind !== "hand";
}

/** "0.25", "−14°", "3.1 px". */
export function placeWords(head: Head, position: number): string {
  if (!isRange(head)) return position.toFixed(2);
  const { unit } = head.axis;
  const digits = unit === "°" ? 0 : unit === "px" ? 1 : 2;
  return `${short(position, digits)}${unit === "°" ? "" : "\u00a0"}${unit}`;
}

/** As `placeWords`, in a few characters. */
export function placeShort(head: Head, position: number): string {
  return head.axis.unit.startsWith("of ") ? short(position) : placeWords(head, position);
}

export function axisTitle(head: TimelineMessage): string {
  const { label, unit } = head.axis;
  if (head.kind === "morph") return "t, from the start (0) to the end (1)";
  if (head.kind === "hand") return "t, from the first to the last edit";
  return unit ? `${label} (${unit})` : label;
}

/** "1 and 2 are equal by strokes at 0.25, by transport at 0.34": never one number alone for what depends on the way. */
export function crossingWords(head: TimelineMessage, curves: CurveMessage[], networks: string[]): string {
  if (!curves.length) return "";
  const { a, b } = curves[0].readouts;
  const parts = networks.flatMap((network) => {
    const own = curves.filter((curve) => curve.network === network && curve.readouts.a === a && curve.readouts.b === b);
    const ways = own.map(({ label, readouts }) => {
      const at = readouts.crossings.map((position) => placeShort(head, position));
      return `${label === "by hand" ? label : `by ${label}`} ${at.length ? `at ${listed(at)}` : "nowhere"}`;
    });
    if (!ways.length) return [];
    return `${networks.length > 1 ? `for ${network.toUpperCase()} ` : ""}${ways.join(", ")}`;
  });
  const depends = curves.length > 1 ? "; where it changes depends on the way" : "";
  return parts.length ? `${a} and ${b} are equally likely ${parts.join("; ")}${depends}.` : "";
}

/** "stays 7 from −14° to 34°; beyond: 2 below, 2 above" */
export function intervalWords(head: Head, { answer, low, high, open_low, open_high, below, above }: Interval): string {
  const [from, to] = [placeWords(head, low), placeWords(head, high)];
  if (open_low && open_high) return `stays ${answer} over the whole range, ${from} to ${to}`;
  const beyond = [below === null ? "" : `${below} below`, above === null ? "" : `${above} above`].filter(Boolean).join(", ");
  return `stays ${answer} from ${from}${open_low ? ", the lowest," : ""} to ${to}${open_high ? ", the highest" : ""}; beyond: ${beyond}`;
}

export function listed(texts: string[]): string {
  return texts.length > 1 ? `${texts.slice(0, -1).join(", ")} and ${texts[texts.length - 1]}` : (texts[0] ?? "");
}

export function whole(share: number): string {
  return `${Math.round(100 * share)} %`;
}
