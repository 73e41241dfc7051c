/** Sharing: a link with everything in it, a file, and code that puts panes into another page. */

import type { Props } from "./bokeh";
import { copyField } from "./clipboard";
import { h } from "./dom";
import { openDocument, saveDocument } from "./files";
import { type Hub, hubOf } from "./hub";
import type { SharedMessage } from "./wire";

interface Group {
  title: string;
  names: string[];
}

interface Pane {
  name: string;
  title: string;
}

/** What is ticked at first for a page that shows this one in a frame. */
const USUAL = ["pad", "answer", "flat"];

export function render({ model, view }: Props): HTMLElement {
  const dialog = new Dialog(hubOf(view.model.document), model.groups as Group[], model.panes as Pane[]);
  const button = h("button", { type: "button", title: "Copy a link, save, open, embed", onclick: () => dialog.open() }, "Share…");
  return h("div", { class: "v-share" }, button, dialog.element);
}

class Dialog {
  readonly element: HTMLDialogElement;
  private link = h("input", { type: "text", readonly: true, "aria-label": "Link" });
  private copy = h("button", { type: "button", class: "primary" }, "Copy link");
  private about = h("p", { class: "muted" });
  private code = h("textarea", { readonly: true, rows: 3, "aria-label": "Code for a frame" });
  private copyCode = h("button", { type: "button" }, "Copy code");
  private said = h("p", { class: "said", role: "status" });
  private locks: [HTMLInputElement, Group][];
  private panes: [HTMLInputElement, Pane][];
  private shared: SharedMessage | null = null;

  constructor(
    private hub: Hub,
    groups: Group[],
    panes: Pane[],
  ) {
    this.locks = groups.map((group) => [h("input", { type: "checkbox", onchange: () => this.ask() }), group]);
    this.panes = panes.map((pane) => [
      h("input", { type: "checkbox", checked: USUAL.includes(pane.name), onchange: () => this.show() }),
      pane,
    ]);
    this.copy.addEventListener("click", () => void this.copied(this.link, "Link copied."));
    this.copyCode.addEventListener("click", () => void this.copied(this.code, "Code copied."));
    this.element = this.build();
    hub.on("shared", (message) => {
      this.shared = message;
      this.show();
    });
    this.warn();
    // What was opened, undone or played in the meantime is what is shared.
    hub.on("saved", () => this.element.open && this.ask());
  }

  open(): void {
    const locked = this.hub.settings?.locked ?? [];
    for (const [box, { names }] of this.locks) box.checked = names.every((name) => locked.includes(name));
    this.said.textContent = "";
    this.element.showModal();
    this.ask();
  }

  private build(): HTMLDialogElement {
    const file = h("input", {
      type: "file",
      accept: ".json,application/json",
      hidden: true,
      onchange: () => {
        const given = file.files?.[0];
        file.value = "";
        if (!given) return;
        this.element.close();
        void openDocument(this.hub, given);
      },
    });
    const save = h("button", { type: "button", onclick: () => this.save() }, "Save…");
    const open = h("button", { type: "button", onclick: () => file.click() }, "Open…");
    const dialog = h(
      "dialog",
      { class: "share", "aria-label": "Share" },
      h(
        "div",
        { class: "head" },
        h("h2", {}, "Share"),
        h("button", { type: "button", "aria-label": "Close", onclick: () => dialog.close() }, "×"),
      ),
      h("section", {}, h("h3", {}, "Link"), h("div", { class: "line" }, this.link, this.copy), this.about),
      h(
        "section",
        {},
        h("h3", {}, "File"),
        h("div", { class: "line" }, save, open, file, h("span", { class: "muted" }, "Or drop a saved file on the page.")),
      ),
      h(
        "fieldset",
        {},
        h("legend", {}, "Whoever opens the link or file cannot change"),
        h("div", { class: "boxes" }, ...this.locks.map(([box, { title }]) => tick(box, title))),
      ),
      h(
        "fieldset",
        {},
        h("legend", {}, "In a page of your own, as a frame that shows"),
        h("div", { class: "boxes" }, ...this.panes.map(([box, { title }]) => tick(box, title))),
        h("div", { class: "line" }, this.code, this.copyCode),
        h("p", { class: "muted" }, "Whoever runs this server says which pages may show it (--allow-embedding)."),
      ),
      this.said,
    );
    // A click beside the dialog closes it.
    dialog.addEventListener("click", (event) => {
      if (event.composedPath()[0] === dialog) dialog.close();
    });
    return dialog;
  }

  /** Who opens something that is locked is told so once, and not only when trying in vain. */
  private warn(): void {
    let known = "";
    this.hub.on("settings", ({ locked }) => {
      if (locked.join() === known) return;
      known = locked.join();
      const words = this.locks.filter(([, { names }]) => names.some((name) => locked.includes(name))).map(([, { title }]) => title.toLowerCase());
      if (!words.length) return;
      const text = `What was opened has locks. These cannot be changed: ${words.join(", ")}.`;
      this.hub.emit("notice", { type: "notice", level: "info", text });
    });
  }

  private ask(): void {
    const locks = this.locks.filter(([box]) => box.checked).flatMap(([, { names }]) => names);
    this.hub.inOrder({ type: "share", locks });
  }

  private show(): void {
    if (!this.shared) return;
    const { link, contains } = this.shared;
    const page = location.origin + location.pathname;
    this.link.value = link === null ? "" : page + link;
    this.link.disabled = this.copy.disabled = link === null;
    this.about.textContent =
      link === null
        ? `Too much for a link (${contains.join(", ")}): save it as a file instead.`
        : `${this.link.value.length.toLocaleString("en")} characters: ${contains.join(", ")}.`;
    const names = this.panes.filter(([box]) => box.checked).map(([, { name }]) => name);
    const query = names.length ? `?embed=${names.join(",")}` : "";
    this.code.value = `<iframe src="${page}${query}${link ?? ""}" title="vizapp" width="100%" height="640" style="border: 0"></iframe>`;
  }

  private save(): void {
    if (!this.shared) return;
    saveDocument(this.shared.file);
    this.said.textContent = "Saved with your downloads.";
  }

  private async copied(field: HTMLInputElement | HTMLTextAreaElement, done: string): Promise<void> {
    const copied = await copyField(field);
    this.said.textContent = copied ? done : "This browser does not let the page copy: press Ctrl+C, it is selected.";
  }
}

function tick(box: HTMLInputElement, title: string): HTMLElement {
  return h("label", { class: "toggle" }, box, h("span", {}, title));
}
