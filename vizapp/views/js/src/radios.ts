/** Buttons of which one is on. */

import { h } from "./dom";

export interface Option {
  value: string;
  label: string;
  title: string;
}

export interface Radios {
  element: HTMLElement;
  set(value: string): void;
}

/** A radio group: arrow keys go from one to the next, as everywhere. */
export function radios(name: string, options: Option[], onpick: (value: string) => void): Radios {
  const buttons = options.map(({ value, label, title }) =>
    h("button", { type: "button", role: "radio", title, onclick: () => onpick(value) }, label),
  );
  const element = h("div", { class: "group", role: "radiogroup", "aria-label": name }, ...buttons);
  element.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    const at = buttons.indexOf(event.composedPath()[0] as HTMLButtonElement);
    if (!step || at < 0) return;
    event.preventDefault();
    const next = buttons[(at + step + buttons.length) % buttons.length];
    next.focus();
    next.click();
  });
  const set = (value: string): void =>
    buttons.forEach((button, i) => {
      const on = options[i].value === value;
      button.setAttribute("aria-checked", String(on));
      button.tabIndex = on ? 0 : -1;
    });
  return { element, set };
}
