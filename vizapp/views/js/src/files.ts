/** Drawings as files: saved by the browser, opened by the session. */

import { h } from "./dom";
import type { Hub } from "./hub";

/** The fullest pad takes a third of it. */
const MAX_BYTES = 900_000;

/** A file that a person gives: a saved drawing, as far as its name and its kind tell. */
export function isDocument(file: File): boolean {
  return file.type === "application/json" || file.name.toLowerCase().endsWith(".json");
}

/** Have the session open a saved drawing; what is wrong with it is told as a notice. */
export async function openDocument(hub: Hub, file: File): Promise<void> {
  if (file.size > MAX_BYTES) {
    const text = "That file is too large for a saved drawing: open one that vizapp saved.";
    hub.emit("notice", { type: "notice", level: "error", text });
    return;
  }
  hub.inOrder({ type: "open", file: await file.text() });
}

export function saveDocument(text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  const day = new Date().toISOString().slice(0, 16).replace(/[-:]/g, "").replace("T", "-");
  h("a", { href: url, download: `vizapp-drawing-${day}.json` }).click();
  // Not before the browser has begun to read it.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
