/** A field to find nodes by name, by strength or by what they say: a combobox whose options are sets of nodes. */

import type { Props } from "./bokeh";
import { h, onKeys } from "./dom";
import { type Hub, hubOf, type Preview } from "./hub";
import { isTextField } from "./keys";
import { Question } from "./question";
import type { FoundMessage } from "./wire";

const ORIGIN = "search";
/** As vizapp.search.LONGEST. */
const LONGEST = 200;

export function render({ view }: Props): HTMLElement {
  return new Search(hubOf(view.model.document)).root;
}

class Search {
  readonly root: HTMLElement;
  private readonly field = h("input", {
    type: "text",
    role: "combobox",
    id: "search-field",
    "aria-label": "Find nodes",
    "aria-autocomplete": "list",
    "aria-expanded": "false",
    "aria-controls": "search-found",
    "aria-keyshortcuts": "/",
    autocomplete: "off",
    autocapitalize: "off",
    spellcheck: "false",
    enterkeyhint: "go",
    maxlength: LONGEST,
    placeholder: "Find nodes: conv2 map 7, strongest 10 …",
    title: "Find nodes by name, by strength or by what they say ( / )",
  });
  private readonly list = h("ul", { role: "listbox", id: "search-found", "aria-label": "Found nodes" });
  private readonly hint = h("p", { class: "hint", role: "status" });
  private readonly panel = h("div", { class: "found", hidden: true }, this.list, this.hint);
  private readonly question: Question<string>;
  private results: Preview[] = [];
  private active = -1;
  /** Enter was pressed before the answer came. */
  private eager: { add: boolean } | null = null;

  constructor(private readonly hub: Hub) {
    this.question = new Question(hub, (text, seq) => ({ type: "search", seq, text }));
    this.root = h("div", { class: "v-search", role: "search" }, this.field, h("kbd", { "aria-hidden": "true" }, "/"), this.panel);
    this.field.addEventListener("input", () => this.open());
    this.field.addEventListener("focus", () => this.open());
    this.field.addEventListener("click", () => this.open());
    this.field.addEventListener("keydown", (event) => this.key(event));
    this.root.addEventListener("focusout", ({ relatedTarget }) => {
      if (!this.root.contains(relatedTarget as Node | null)) this.close();
    });
    // The field keeps the keyboard while its list is pressed.
    this.panel.addEventListener("pointerdown", (event) => event.preventDefault());
    this.list.addEventListener("pointerleave", () => this.point(-1));
    hub.on("found", (found) => this.show(found));
    // Another drawing, another answer.
    hub.on("frame", () => this.isOpen && this.ask());
    hub.on("network", () => this.close());
    onKeys(this.root, (event) => this.shortcut(event));
  }

  private get isOpen(): boolean {
    return !this.panel.hidden;
  }

  /** A slash takes one here from anywhere but where it is a letter. */
  private shortcut(event: KeyboardEvent): void {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    const path = event.composedPath();
    if (isTextField(path[0]) || path.some((e) => e instanceof HTMLDialogElement) || !this.root.checkVisibility()) return;
    event.preventDefault();
    this.field.focus();
    this.field.select();
  }

  private open(): void {
    this.eager = null;
    this.panel.hidden = false;
    this.ask();
  }

  private close(): void {
    this.panel.hidden = true;
    this.eager = null;
    this.point(-1);
    this.field.setAttribute("aria-expanded", "false");
  }

  private ask(): void {
    this.question.ask(this.field.value);
  }

  private show({ text, results, hint }: FoundMessage): void {
    this.question.answered();
    if (!this.isOpen || text !== this.field.value) return;
    const { eager } = this;
    this.eager = null;
    const before = this.results[this.active]?.name;
    this.point(-1);
    this.results = results.map(({ title, nodes }) => ({ name: title, nodes }));
    this.list.replaceChildren(...results.map(({ title, detail }, i) => this.option(title, detail, i)));
    this.list.hidden = !results.length;
    this.hint.textContent = hint;
    this.hint.hidden = !hint;
    this.field.setAttribute("aria-expanded", String(results.length > 0));
    this.point(this.results.findIndex(({ name }) => name === before));
    if (eager) this.pick(0, eager.add);
  }

  private option(title: string, detail: string, index: number): HTMLElement {
    return h(
      "li",
      {
        role: "option",
        id: `search-option-${index}`,
        "aria-selected": "false",
        onclick: ((event: MouseEvent) => this.pick(index, event.shiftKey)) as EventListener,
        onpointermove: () => this.point(index),
      },
      h("span", { class: "title" }, title),
      h("span", { class: "muted num" }, detail),
    );
  }

  /** Highlight a result here and its nodes in the views. */
  private point(index: number): void {
    if (index === this.active) return;
    this.list.children[this.active]?.setAttribute("aria-selected", "false");
    this.active = index;
    const option = this.list.children[index];
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    if (option) this.field.setAttribute("aria-activedescendant", option.id);
    else this.field.removeAttribute("aria-activedescendant");
    const result = this.results[index];
    const one = result?.nodes.length === 1;
    this.hub.setPreview(result ?? null);
    this.hub.setFocus(one ? result.nodes[0] : null, ORIGIN);
  }

  private pick(index: number, add: boolean): void {
    const result = this.results[index];
    if (!result) return;
    this.hub.send({ type: "pick", nodes: result.nodes, mode: add ? "add" : "replace", origin: ORIGIN });
    this.close();
  }

  private key(event: KeyboardEvent): void {
    const count = this.results.length;
    switch (event.key) {
      case "ArrowDown":
      case "ArrowUp": {
        if (!this.isOpen) this.open();
        else if (count) {
          const step = event.key === "ArrowDown" ? 1 : -1;
          // From the last result on through the field to the first.
          this.point(((this.active + 1 + step + count + 1) % (count + 1)) - 1);
        }
        break;
      }
      case "Enter":
        if (!this.isOpen) this.open();
        else if (this.question.pending === null) this.pick(Math.max(0, this.active), event.shiftKey);
        else this.eager = { add: event.shiftKey };
        break;
      case "Escape":
        if (this.isOpen) this.close();
        else if (this.field.value) this.field.value = "";
        else this.field.blur();
        // Not also the selection.
        event.stopPropagation();
        break;
      default:
        return;
    }
    event.preventDefault();
  }
}
