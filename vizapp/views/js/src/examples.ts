/** Load instead of draw: a dialog of examples, and images that are dropped, pasted or picked. */

import type { Props } from "./bokeh";
import { h } from "./dom";
import { isDocument, openDocument } from "./files";
import { Gallery } from "./gallery";
import { type Hub, hubOf } from "./hub";
import { lockable } from "./locks";

/** What a message may carry; larger files are made smaller here first. */
const MAX_BYTES = 900_000;
const MAX_SIDE = 1024;

export function render({ view }: Props): HTMLElement {
  const hub = hubOf(view.model.document);
  const dialog = new Gallery(hub, "Examples", ({ source, index }) => hub.inOrder({ type: "load", source, index }));
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
export async function smaller(file: Blob): Promise<Blob> {
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
