/** Small helpers for the panes' own HTML. */

type Attributes = Record<string, string | number | boolean | EventListener>;

/** An element with attributes, listeners (`onclick: …`) and children; text is always text, never HTML. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false) element.setAttribute(name, String(value));
  }
  element.append(...children);
  return element;
}

/** `0.513` as "51.3 %", always of the same width. */
export function percent(p: number): string {
  return `${(100 * p).toFixed(1).padStart(5, "\u2007")} %`;
}

export function number(value: number): string {
  const text = Math.abs(value) >= 1000 || (value !== 0 && Math.abs(value) < 0.001) ? value.toExponential(2) : value.toFixed(3);
  return text.replace(/-/g, "−");
}

export function isDark(): boolean {
  return document.documentElement.dataset.theme === "dark";
}

/** What an element is displayed in where there is no page of ours, as in a notebook; it may be in shadow roots in it. */
export function displayOf(element: Element): HTMLElement | null {
  for (let at: Node | null = element; at; at = at instanceof ShadowRoot ? at.host : at.parentNode) {
    if (at instanceof HTMLElement && at.classList.contains("vizapp")) return at;
  }
  return null;
}

/** Keys pressed anywhere on the page of a pane; in a notebook, which has keys of its own, anywhere in its display. */
export function onKeys(pane: Element, listener: (event: KeyboardEvent) => void): void {
  document.addEventListener("keydown", (event) => {
    const display = displayOf(pane);
    if (!display || event.composedPath().includes(display)) listener(event);
  });
}
