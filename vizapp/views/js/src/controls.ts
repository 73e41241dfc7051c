/** Controls made from the Explorer's parameters: the server says what each is, this file how it looks. */

import type { Props } from "./bokeh";
import { h } from "./dom";
import { type Hub, hubOf } from "./hub";
import type { Settings } from "./wire";

interface Parameter {
  name: keyof Settings;
  kind: "choice" | "switch";
  label: string;
  doc: string;
  options: string[];
}

export function render({ model, view }: Props): HTMLElement {
  const hub = hubOf(view.model.document);
  const parameter = model.parameter as Parameter;
  return parameter.kind === "choice" ? choice(hub, parameter) : toggle(hub, parameter);
}

/** A few options side by side. */
function choice(hub: Hub, { name, label, doc, options }: Parameter): HTMLElement {
  const buttons = options.map((value) =>
    h(
      "button",
      { type: "button", role: "radio", title: doc, onclick: () => hub.send({ type: "set", name, value }) },
      value,
    ),
  );
  const group = h("div", { class: "group", role: "radiogroup", "aria-label": label }, ...buttons);
  group.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    const at = buttons.indexOf(event.composedPath()[0] as HTMLButtonElement);
    if (!step || at < 0) return;
    event.preventDefault();
    const next = buttons[(at + step + buttons.length) % buttons.length];
    next.focus();
    next.click();
  });
  listen(hub, (settings) => {
    buttons.forEach((button, i) => {
      const on = options[i] === settings[name];
      button.setAttribute("aria-checked", String(on));
      button.tabIndex = on ? 0 : -1;
    });
  });
  return h("div", { class: `choice ${name}` }, h("span", { class: "label" }, label), group);
}

function toggle(hub: Hub, { name, label, doc }: Parameter): HTMLElement {
  const box = h("input", {
    type: "checkbox",
    role: "switch",
    onchange: () => hub.send({ type: "set", name, value: box.checked }),
  });
  listen(hub, (settings) => (box.checked = settings[name] === true));
  return h("label", { class: "toggle", title: doc }, box, h("span", {}, label));
}

function listen(hub: Hub, show: (settings: Settings) => void): void {
  hub.on("settings", show);
  if (hub.settings) show(hub.settings);
}
