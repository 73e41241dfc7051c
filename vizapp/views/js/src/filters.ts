/** Which edges are shown: into one layer, of one sign, the strongest few, only those at the selection. */

import type { Props } from "./bokeh";
import { h } from "./dom";
import { hubOf } from "./hub";
import { lockable } from "./locks";
import { popover } from "./popover";
import type { Settings } from "./wire";

/** The slider's steps: all, then numbers that grow evenly to the eye. */
const STRONGEST = [0, 20_000, 10_000, 5000, 2000, 1000, 500, 200, 100, 50, 20, 10, 5, 2, 1];

export function render({ view }: Props): HTMLElement {
  const hub = hubOf(view.model.document);
  const set = (name: keyof Settings, value: unknown): void => hub.send({ type: "set", name, value });
  const into = h("select", { onchange: () => set("into", into.value) });
  const sign = h(
    "select",
    { onchange: () => set("sign", sign.value) },
    ...["both", "positive", "negative"].map((value) => h("option", { value }, value)),
  );
  const classes = (name: "for_class" | "against_class", auto: string): HTMLSelectElement => {
    const options = Array.from({ length: 10 }, (_, digit) => h("option", { value: digit }, String(digit)));
    const select: HTMLSelectElement = h(
      "select",
      { onchange: () => set(name, select.value === "" ? null : Number(select.value)) },
      h("option", { value: "" }, auto),
      ...options,
    );
    return select;
  };
  const transfer = h(
    "select",
    { onchange: () => set("transfer", transfer.value) },
    ...["equalised", "square root", "logarithm", "linear"].map((value) => h("option", { value }, value)),
  );
  const first = classes("for_class", "first guess");
  const second = classes("against_class", "second guess");
  const strongest = h("input", {
    type: "range",
    min: 0,
    max: STRONGEST.length - 1,
    value: 0,
    oninput: () => {
      count.textContent = words(STRONGEST[strongest.valueAsNumber]);
      set("strongest", STRONGEST[strongest.valueAsNumber]);
    },
  });
  const count = h("output", { class: "num" }, "all");
  const touching = h("input", { type: "checkbox", onchange: () => set("touching", touching.checked) });
  const tracing = h("input", { type: "checkbox", onchange: () => set("tracing", tracing.checked) });
  const kept = h("input", {
    type: "range",
    min: 0.5,
    max: 0.99,
    step: 0.01,
    value: 0.8,
    oninput: () => {
      share.textContent = `${Math.round(100 * kept.valueAsNumber)} %`;
      set("kept", kept.valueAsNumber);
    },
  });
  const share = h("output", { class: "num" }, "80 %");
  const rows = {
    first: row("Evidence for", first),
    second: row("Against", second),
  };
  const body = h(
    "div",
    { class: "popover" },
    rows.first,
    rows.second,
    row("Edges into", into),
    row("Sign of the weight", sign),
    row("Strongest", strongest, count),
    row("Tones", transfer),
    h("label", { class: "toggle" }, touching, h("span", {}, "Only edges at selected nodes")),
    h("label", { class: "toggle" }, tracing, h("span", {}, "Trace the selected node back to the pixels")),
    row("Evidence kept", kept, share),
    h(
      "button",
      {
        type: "button",
        onclick: () => {
          for (const [name, value] of Object.entries({ into: "all layers", sign: "both", strongest: 0, touching: false, tracing: false })) {
            set(name as keyof Settings, value);
          }
        },
      },
      "Show all edges",
    ),
  );
  const summary = h("summary", {}, "Filter edges");

  const show = (): void => {
    const { settings, network } = hub;
    if (!settings || !network) return;
    const layers = ["all layers", ...network.layers.slice(1).map((l) => l.name)];
    if (into.options.length !== layers.length) into.replaceChildren(...layers.map((value) => h("option", { value }, value)));
    into.value = settings.into;
    sign.value = settings.sign;
    transfer.value = settings.transfer;
    first.value = String(settings.for_class ?? "");
    second.value = String(settings.against_class ?? "");
    strongest.value = String(Math.max(0, STRONGEST.indexOf(settings.strongest)));
    count.textContent = words(settings.strongest);
    touching.checked = settings.touching;
    tracing.checked = settings.tracing;
    kept.value = String(settings.kept);
    share.textContent = `${Math.round(100 * settings.kept)} %`;
    rows.first.hidden = !["evidence", "contrast"].includes(settings.lens);
    rows.second.hidden = settings.lens !== "contrast";
    const active = [settings.into !== "all layers", settings.sign !== "both", settings.strongest > 0, settings.touching, settings.tracing];
    const number = active.filter(Boolean).length;
    summary.textContent = number ? `Filter edges (${number})` : "Filter edges";
  };
  hub.on("network", () => {
    into.replaceChildren();
    show();
  });
  hub.on("settings", show);
  show();
  return popover(summary, lockable(hub, ["lens", "into", "strongest"], body));
}

function words(k: number): string {
  return k === 0 ? "all" : k.toLocaleString("en");
}

function row(label: string, ...controls: HTMLElement[]): HTMLElement {
  return h("label", { class: "filter" }, h("span", {}, label), ...controls);
}
