/** Pictures of the panes: each offers how it is drawn as SVG; PNG files are made of that, unless it has a better way. */

import { isDark } from "./dom";
import type { Hub } from "./hub";

/** PNG files have so many pixels to a CSS pixel. */
export const RESOLUTION = 2;
const LARGEST_SIDE = 8192;

export interface Drawn {
  width: number;
  height: number;
  /** A whole SVG document. */
  text: string;
}

export interface Maker {
  svg(): Drawn | Promise<Drawn>;
  /** Where it is not just the SVG, drawn: a canvas of the picture at RESOLUTION. */
  png?(): HTMLCanvasElement | Promise<HTMLCanvasElement>;
}

const makers = new WeakMap<Hub, Map<string, Maker>>();

/** A pane says how pictures of it are made. */
export function offer(hub: Hub, pane: string, maker: Maker): void {
  const known = makers.get(hub) ?? new Map<string, Maker>();
  makers.set(hub, known.set(pane, maker));
}

/** A picture as a file; an Error, with a sentence for the person, where there is none. */
export async function picture(hub: Hub, pane: string, kind: "svg" | "png"): Promise<Blob> {
  const maker = makers.get(hub)?.get(pane);
  if (!maker) throw new Error("There is nothing to take a picture of here yet.");
  if (kind === "svg") return new Blob([(await maker.svg()).text], { type: "image/svg+xml" });
  const canvas = maker.png ? await maker.png() : await rasterised(await maker.svg());
  return new Promise((resolve, reject) => {
    const failed = new Error("This browser cannot make a PNG file of it; SVG works.");
    try {
      canvas.toBlob((blob) => (blob ? resolve(blob) : reject(failed)), "image/png");
    } catch {
      // Some browsers do not give away pixels that were HTML once.
      reject(failed);
    }
  });
}

export function fileName(hub: Hub, pane: string, kind: string): string {
  const about = { pad: "drawing", seen: "input", scene: "3d" }[pane] ?? pane;
  return `vizapp-${[...(pane === "pad" ? [] : [hub.network?.name ?? "network"]), about].join("-")}.${kind}`;
}

export function save(blob: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  // Not at once: the browser reads it as the download begins.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

async function rasterised(drawn: Drawn): Promise<HTMLCanvasElement> {
  const canvas = sheet(drawn.width, drawn.height);
  await drawOver(canvas, drawn);
  return canvas;
}

/** Draw an SVG over all of a canvas. */
export async function drawOver(canvas: HTMLCanvasElement, { text }: Drawn): Promise<void> {
  const image = new Image();
  // A data URL: pixels of HTML inside an SVG are given back for no other.
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  await image.decode();
  canvas.getContext("2d")!.drawImage(image, 0, 0, canvas.width, canvas.height);
}

/** An empty canvas for so many CSS pixels at RESOLUTION. */
export function sheet(width: number, height: number): HTMLCanvasElement {
  const canvas = document.createElement("canvas");
  const scale = Math.min(RESOLUTION, LARGEST_SIDE / Math.max(width, height));
  [canvas.width, canvas.height] = [Math.round(width * scale), Math.round(height * scale)];
  return canvas;
}

/** A whole SVG document around some content, on paper of the theme's colour. */
export function svgDocument(width: number, height: number, title: string, content: string, paper = surface()): Drawn {
  const text =
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">` +
    `<title>${escaped(title)}</title><rect width="100%" height="100%" fill="${paper}"/>${content}</svg>`;
  return { width, height, text };
}

export function surface(): string {
  return isDark() ? "#161b21" : "#ffffff";
}

export function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

/** An image of RGBA bytes as an `<image>`, its pixels kept sharp. */
export function pixelImage(rgba: Uint8ClampedArray, cols: number, x: number, y: number, width: number, height: number): string {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [cols, rgba.length / cols / 4];
  const image = new ImageData(cols, canvas.height);
  image.data.set(rgba);
  canvas.getContext("2d")!.putImageData(image, 0, 0);
  const place = `x="${x}" y="${y}" width="${width}" height="${height}"`;
  return `<image ${place} preserveAspectRatio="none" style="image-rendering: pixelated" href="${canvas.toDataURL()}"/>`;
}
