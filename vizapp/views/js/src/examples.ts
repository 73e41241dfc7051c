/** Load instead of draw: a dialog of examples, and images that are dropped, pasted or picked. */

import type { Props } from "./bokeh";
import { h } from "./dom";
import { isDocument, openDocument } from "./files";
import { type Hub, hubOf } from "./hub";
import { lockable } from "./locks";
import type { GalleryMessage } from "./wire";

const SIDE = 28;
const CHOICES: [string, string][] = [
  ["samples", "Between two digits"],
  ["ambiguous", "Hardest test images"],
  ...Array.from({ length: 10 }, (_, d): [string, string] => [String(d), String(d)]),
];
/** What a message may carry; larger files are made smaller here first. */
const MAX_BYTES = 900_000;
const MAX_SIDE = 1024;

export function render({ view }: Props): HTMLElement {
  const hub = hubOf(view.model.document);
  const dialog = new Gallery(hub);
  const file = h("input", {
    type: "file",
    accept: "image/*",
    hidden: true,
    onchange: () => {
      if (file.files?.[0]) void load(hub, file.files[0]);
      file.value = "";
    },
  });
  acceptImages(hub);
  const buttons = h(
    "div",
    { class: "v-examples" },
    h("button", { type: "button", onclick: () => dialog.open() }, "Examples…"),
    h("button", { type: "button", title: "Or drop or paste an image", onclick: () => file.click() }, "Image…"),
    file,
    dialog.element,
  );
  return lockable(hub, ["drawing"], buttons);
}

/** An image dropped or pasted anywhere on the page goes to the pad; a saved drawing is opened. */
function acceptImages(hub: Hub): void {
  document.addEventListener("paste", (event) => {
    const image = [...(event.clipboardData?.files ?? [])][0];
    if (image) void load(hub, image);
  });
  document.addEventListener("dragover", (event) => event.preventDefault());
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    const image = event.dataTransfer?.files[0];
    if (image) void load(hub, image);
  });
}

async function load(hub: Hub, file: File): Promise<void> {
  if (isDocument(file)) return openDocument(hub, file);
  try {
    hub.inOrder({ type: "image", data: await (await smaller(file)).arrayBuffer() });
  } catch {
    const text = "That file is not an image that this browser can read. Use a PNG or JPEG file.";
    hub.emit("notice", { type: "notice", level: "error", text });
  }
}

/** The file itself, or a smaller picture of it where it is too large to send. */
async function smaller(file: Blob): Promise<Blob> {
  if (file.size <= MAX_BYTES) return file;
  const bitmap = await createImageBitmap(file);
  const scale = Math.min(1, MAX_SIDE / Math.max(bitmap.width, bitmap.height));
  const canvas = h("canvas", { width: Math.ceil(bitmap.width * scale), height: Math.ceil(bitmap.height * scale) });
  const context = canvas.getContext("2d")!;
  context.imageSmoothingQuality = "high";
  context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  for (const quality of [0.9, 0.7, 0.5]) {
    const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/jpeg", quality));
    if (blob && blob.size <= MAX_BYTES) return blob;
  }
  throw new Error("too large");
}

class Gallery {
  readonly element: HTMLDialogElement;
  private grid = h("div", { class: "thumbs" });
  private tabs: HTMLButtonElement[];
  private pager = h("div", { class: "pager" });
  private choice = CHOICES[0][0];

  constructor(private hub: Hub) {
    this.tabs = CHOICES.map(([choice, label]) =>
      h("button", { type: "button", onclick: () => this.ask(choice, 0) }, label),
    );
    this.element = h(
      "dialog",
      { class: "gallery", "aria-label": "Examples" },
      h(
        "div",
        { class: "head" },
        h("h2", {}, "Examples"),
        h("button", { type: "button", "aria-label": "Close", onclick: () => this.element.close() }, "×"),
      ),
      h("div", { class: "tabs" }, ...this.tabs),
      this.grid,
      this.pager,
    );
    // A click beside the dialog closes it.
    this.element.addEventListener("click", (event) => {
      if (event.composedPath()[0] === this.element) this.element.close();
    });
    hub.on("gallery", (message) => this.show(message));
  }

  open(): void {
    this.element.showModal();
    this.ask(this.choice, 0);
  }

  private ask(choice: string, page: number): void {
    this.choice = choice;
    this.tabs.forEach((tab, i) => tab.setAttribute("aria-pressed", String(CHOICES[i][0] === choice)));
    this.hub.send({ type: "gallery", choice, page });
  }

  private show({ choice, page, pages, items, images }: GalleryMessage): void {
    if (choice !== this.choice) return;
    const size = SIDE * SIDE;
    this.grid.replaceChildren(
      ...items.map(({ source, index, title }, i) =>
        h(
          "button",
          {
            type: "button",
            class: "thumb",
            title,
            "aria-label": title,
            onclick: () => {
              this.hub.inOrder({ type: "load", source, index });
              this.element.close();
            },
          },
          thumbnail(images.subarray(i * size, (i + 1) * size)),
        ),
      ),
    );
    const turn = (label: string, to: number): HTMLElement =>
      h("button", { type: "button", disabled: to < 0 || to >= pages, onclick: () => this.ask(choice, to) }, label);
    const place = h("span", { class: "num muted" }, `${page + 1} of ${pages}`);
    this.pager.replaceChildren(...(pages > 1 ? [turn("Previous", page - 1), place, turn("Next", page + 1)] : []));
  }
}

export function thumbnail(bytes: Uint8Array): HTMLCanvasElement {
  const canvas = h("canvas", { width: SIDE, height: SIDE });
  const context = canvas.getContext("2d")!;
  const image = context.createImageData(SIDE, SIDE);
  for (let i = 0; i < bytes.length; i++) image.data.set([31, 41, 51, bytes[i]], 4 * i);
  context.putImageData(image, 0, 0);
  return canvas;
}
