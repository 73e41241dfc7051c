/** Controls made from the Explorer's parameters: the server says what each is, this file how it looks. */

import type { Props } from "./bokeh";
import { h } from "./dom";
import { type Hub, hubOf } from "./hub";
import { lockable } from "./locks";
import { radios } from "./radios";
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
  const pick = (value: string): void => hub.send({ type: "set", name, value });
  const group = radios(label, options.map((value) => ({ value, label: value, title: doc })), pick);
  listen(hub, (settings) => group.set(String(settings[name])));
  const element = h("div", { class: `choice ${name}` }, h("span", { class: "label" }, label), group.element);
  return lockable(hub, [name], element);
}

function toggle(hub: Hub, { name, label, doc }: Parameter): HTMLElement {
  const box = h("input", {
    type: "checkbox",
    role: "switch",
    onchange: () => hub.send({ type: "set", name, value: box.checked }),
  });
  listen(hub, (settings) => (box.checked = settings[name] === true));
  return lockable(hub, [name], h("label", { class: "toggle", title: doc }, box, h("span", {}, label)));
}

function listen(hub: Hub, show: (settings: Settings) => void): void {
  hub.on("settings", show);
  if (hub.settings) show(hub.settings);
}
