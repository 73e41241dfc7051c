/** Controls of what is locked show themselves disabled, and say why. The server refuses in any case. */

import { h } from "./dom";
import type { Hub } from "./hub";

export const REASON = "Locked by the link or file that was opened";

/** Elements around which everything is disabled while one of these parameters is locked. */
export function lockable(hub: Hub, names: string[], ...content: HTMLElement[]): HTMLElement {
  // The browser disables all controls in it, also those that are made later.
  const around = h("fieldset", { class: "v-lockable", role: "presentation" }, ...content);
  onLocks(hub, names, (locked) => {
    around.disabled = locked;
    around.title = locked ? REASON : "";
  });
  return around;
}

/** Tells, now and whenever it changes, whether one of these parameters is locked. */
export function onLocks(hub: Hub, names: string[], tell: (locked: boolean) => void): void {
  const show = (): void => tell(names.some((name) => hub.settings?.locked.includes(name)));
  hub.on("settings", show);
  if (hub.settings) show();
}
