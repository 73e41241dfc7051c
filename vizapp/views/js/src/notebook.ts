/** Where there is no page of ours, as in a notebook: its theme is followed, colours are brought along, and it is said who answers. */

import type { BokehDocument, Props } from "./bokeh";
import { displayOf, h } from "./dom";

const ID = "vizapp-tokens";
const SILENT = "The kernel does not answer. If it runs another cell, this goes on after it; if it was restarted, run this notebook's cells again.";
const RESTARTED = "The kernel was restarted: this display is its old one. Run this notebook's cells again.";

/** JupyterLab and Panel know here which kernel a display belongs to, as long as that runs. */
type Kernels = { PyViz?: { kernels?: Record<string, unknown> } };

export class Display {
  readonly root = h("div", { class: "v-silence", role: "status" });
  private live = false;
  /** JupyterLab knows the display's kernel, and would forget it. */
  private known = false;
  private over = false;

  constructor(
    private readonly model: Props["model"],
    private readonly document: BokehDocument,
  ) {
    settleIn(String(model.tokens));
  }

  /** The kernel said something. */
  heard(): void {
    if (!this.live) this.begin();
    if (this.root.textContent) this.say("");
  }

  /** It says nothing any more. */
  silent(): void {
    if (!this.isOver()) this.say(SILENT);
  }

  /** It was on the page, and is there no more. */
  isGone(): boolean {
    return this.live && !this.root.isConnected;
  }

  /** Nobody hears any more what is done here. */
  isOver(): boolean {
    if (this.known && !this.over && !this.isKnown()) {
      this.over = true;
      this.say(RESTARTED);
    }
    return this.over || this.isGone();
  }

  private begin(): void {
    this.live = true;
    const display = displayOf(this.root);
    display?.classList.remove("waiting");
    // JupyterLab would take letters for its own commands: two times d deletes the cell.
    display?.setAttribute("data-lm-suppress-shortcuts", "true");
    document.getElementById(String(this.model.still))?.remove();
    this.known = this.isKnown();
    if (!this.known) return;
    const watch = window.setInterval(() => this.isOver() && clearInterval(watch), 1000);
  }

  private isKnown(): boolean {
    const kernels = (window as Kernels).PyViz?.kernels ?? {};
    return this.document.roots().some(({ id }) => kernels[id]);
  }

  private say(words: string): void {
    this.root.textContent = words;
    displayOf(this.root)?.classList.toggle("lost", Boolean(words));
  }
}

/** `tokens`: CSS of the page's variables; here only what stands in an element of class "vizapp" has them. */
function settleIn(tokens: string): void {
  if (!document.getElementById(ID)) {
    const style = document.createElement("style");
    style.id = ID;
    const own = tokens.replace(/:root\[data-theme="dark"\]/g, ':root[data-theme="dark"] .vizapp').replace(/:root(?!\[)/g, ".vizapp");
    style.textContent = `${own}\n.vizapp { --pad: 300px; font: 14px/1.45 var(--font); color: var(--ink); background: var(--surface); }`;
    document.head.append(style);
    new MutationObserver(follow).observe(document.body, { attributeFilter: ["data-jp-theme-light", "data-vscode-theme-kind"] });
  }
  follow();
}

/** Of JupyterLab and of VS Code; elsewhere it is light, as notebooks are. */
function follow(): void {
  const { jpThemeLight, vscodeThemeKind = "" } = document.body.dataset;
  const dark = jpThemeLight === "false" || /dark|high-contrast$/.test(vscodeThemeKind);
  document.documentElement.dataset.theme = dark ? "dark" : "light";
}
