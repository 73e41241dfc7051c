/** User Timing entries `vizapp:end-to-curve`: from a pointer event on the pad to the frame that shows its curve. */

import type { Hub } from "../hub";
import { untilPainted } from "../timing";
import type { Sheet } from "./sheet";

const OPEN = 100;

export function timeCurves(hub: Hub, sheet: Sheet): void {
  const sent = new Map<number, number>();
  const turns = new Map<number, number>();
  let newest: number | undefined;
  hub.on("sent", ({ seq, start }) => forget(sent.set(seq, start)));
  hub.on("frame", ({ ack }) => (newest = sent.get(ack)));
  // The frame that answers the pen comes before the timeline that the pen changed.
  hub.on("timeline", ({ turn }) => newest !== undefined && forget(turns.set(turn, newest)));
  sheet.on("curves", () => {
    const start = sheet.focus && turns.get(sheet.focus.turn);
    if (start === undefined || start === null) return;
    turns.delete(sheet.focus!.turn);
    untilPainted("vizapp:end-to-curve", start);
  });
}

function forget(map: Map<number, number>): void {
  if (map.size > OPEN) map.delete(map.keys().next().value!);
}
