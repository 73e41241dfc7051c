/** The server takes its leave: it hears when all that was drawn is in the tab's storage. */

import type { Hub } from "./hub";

export class Parting {
  /** Why the connection will end; null as long as nothing was said. */
  words: string | null = null;
  /** Come back only when the person asks for it. */
  wait = false;

  constructor(private hub: Hub) {
    hub.on("closing", ({ words, wait }) => {
      const first = this.words === null;
      Object.assign(this, { words, wait });
      this.answer();
      // A stroke may still be on its way, or on the paper.
      if (first) hub.on("saved", () => this.answer());
    });
  }

  private answer(): void {
    if (this.hub.unsaved().length === 0) this.hub.send({ type: "safe" });
  }
}
