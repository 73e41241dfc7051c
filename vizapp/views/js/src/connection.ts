/** What happens when the line to the server breaks: the page says so, waits for the server, and loads itself anew. */

import type { BokehDocument } from "./bokeh";
import { h } from "./dom";
import type { Parting } from "./parting";

const DELAYS_MS = [300, 1000, 2000, 3000, 5000];
/** A network that is gone swallows questions. */
const PATIENCE_MS = 5000;

/**
 * A reload is the one way back that is always right: the session may be there or not, the server the same or another.
 * The drawing and all settings come back from the tab's storage. Returns what to call when the line is known to be dead.
 */
export function watchConnection(
  document: BokehDocument,
  onLost: () => void,
  beforeLeaving: () => void,
  parting: Parting,
): () => void {
  let broken = false;
  const lost = (): void => {
    if (broken) return;
    broken = true;
    onLost();
    void comeBack(parting, () => {
      beforeLeaving();
      location.reload();
    });
  };
  document.on_event("connection_lost", lost);
  return lost;
}

async function comeBack(parting: Parting, reload: () => void): Promise<void> {
  const said = parting.words ?? "The connection to the server is lost.";
  const words = h("span", {}, parting.wait ? said : `${said} Trying again…`);
  const now = h("button", { type: "button", class: "plain", onclick: reload }, parting.wait ? "Go on" : "Reload now");
  const banner = h("div", { class: "banner", role: "alert" }, words, now);
  document.body.prepend(banner);
  if (parting.wait) return;
  for (let attempt = 0; ; attempt++) {
    const delay = DELAYS_MS[Math.min(attempt, DELAYS_MS.length - 1)];
    await new Promise((resolve) => setTimeout(resolve, delay));
    if (attempt > 2) words.textContent = "The server does not answer. Your drawing is safe in this tab; trying again…";
    try {
      // A server without sessions to spare is not asked for one before there is room. One that leads to its login is back.
      const signal = AbortSignal.timeout(PATIENCE_MS);
      const answer = await fetch(location.href, { method: "HEAD", cache: "no-store", redirect: "manual", signal });
      if (answer.ok || answer.type === "opaqueredirect") return reload();
    } catch {
      // Not there yet.
    }
  }
}
