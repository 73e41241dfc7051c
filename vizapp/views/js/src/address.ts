/**
 * The address bar: the state as the page's fragment, brought up to date at rest; and links that come in by it.
 *
 * The fragment is replaced, never added: the Back button leaves the page, it does not undo.
 */

/** Beside the tab's state: the fragment that says the same, the one before, and when they changed. */
const KEY = "vizapp:address";
const REST_MS = 600;
/** A page that is loaded anew just when its fragment was replaced may get the one before. */
const RACE_MS = 10_000;

export class Address {
  /** What the state's own fragment is; null where it does not fit into one, or nothing is known yet. */
  private link: string | null = null;
  private rest = 0;
  private forbidden = false;

  constructor(open: (link: string) => void) {
    addEventListener("hashchange", () => {
      const link = location.hash;
      if (isLink(link) && link !== this.link) open(link);
      // What cannot be opened does not stay there.
      this.later();
    });
  }

  /** The link that the page was opened with, unless this tab wrote it itself and has kept the exact state. */
  static foreign(): string | null {
    const link = location.hash;
    const { now, before, at } = stored();
    const own = link === now || (link === before && Date.now() - at < RACE_MS);
    return isLink(link) && !own ? link : null;
  }

  /** The state has changed; null: it is too long for a link. */
  show(link: string | null): void {
    this.link = link;
    this.later();
  }

  private later(): void {
    clearTimeout(this.rest);
    this.rest = window.setTimeout(() => this.write(), REST_MS);
  }

  private write(): void {
    const link = this.link ?? "";
    // An anchor of the page itself may stay while there is nothing to say.
    if (this.forbidden || link === location.hash || (!link && !isLink(location.hash))) return;
    try {
      sessionStorage.setItem(KEY, JSON.stringify({ now: link, before: location.hash, at: Date.now() }));
    } catch {
      // Then a reload opens the link, which says nearly the same.
    }
    try {
      history.replaceState(history.state, "", location.pathname + location.search + link);
    } catch {
      // A sandboxed frame may not have an address of its own.
      this.forbidden = true;
    }
  }
}

function isLink(fragment: string): boolean {
  return /^#v\d+\./.test(fragment);
}

function stored(): { now?: string; before?: string; at: number } {
  try {
    return { at: 0, ...JSON.parse(sessionStorage.getItem(KEY) ?? "{}") };
  } catch {
    return { at: 0 };
  }
}
