/** The ink on the pad: one line per stroke, erasing strokes in the colour of the paper, in painter's order. */

import { type BokehDocument, type DataSource, imageArray, type PlotView, setData, sourceNamed } from "./bokeh";
import { isDark } from "./dom";
import type { InkMessage } from "./wire";

export const INPUT_PIXELS = 28;

/** A stroke as it is drawn; lengths in pads, the width in pixels of the network's input. */
export interface DrawnStroke {
  xs: number[];
  ys: number[];
  width: number;
  erase: boolean;
}

export class PadInk {
  private ink: DataSource;
  private image: DataSource;
  /** Of every stroke, in the order of the source. */
  private styles: { width: number; erase: boolean }[] = [];
  private pixel = 0;

  constructor(
    document: BokehDocument,
    private plot: PlotView,
  ) {
    this.ink = sourceNamed(document, "vizapp-ink");
    this.image = sourceNamed(document, "vizapp-pad-image");
    this.pixel = this.measured;
    plot.repainted.connect(() => {
      if (this.measured !== this.pixel) this.restyle();
    });
  }

  get strokes(): DrawnStroke[] {
    const { xs, ys } = this.ink.data as { xs: ArrayLike<number>[]; ys: ArrayLike<number>[] };
    return this.styles.map((style, i) => ({ xs: Array.from(xs[i] ?? []), ys: Array.from(ys[i] ?? []), ...style }));
  }

  clear(): void {
    setData(this.ink, { xs: [], ys: [], width: [], color: [] });
    setData(this.image, { image: [], x: [], y: [], dw: [], dh: [] });
    this.styles = [];
  }

  show({ strokes, image }: InkMessage): void {
    const axis = (points: Float32Array, k: number): number[] => {
      const values = Array.from({ length: points.length / 2 }, (_, i) => points[2 * i + k]);
      // One point draws nothing; its double draws a dot.
      return values.length === 1 ? [values[0], values[0]] : values;
    };
    this.styles = strokes.map(({ width, erase }) => ({ width, erase }));
    setData(this.ink, {
      xs: strokes.map((s) => axis(s.points, 0)),
      ys: strokes.map((s) => axis(s.points, 1)),
      width: strokes.map((s) => s.width * this.pixel),
      color: strokes.map((s) => inkColour(s.erase)),
    });
    setData(
      this.image,
      image
        ? { image: [imageArray(image.slice(), INPUT_PIXELS, INPUT_PIXELS)], x: [0], y: [0], dw: [1], dh: [1] }
        : { image: [], x: [], y: [], dw: [], dh: [] },
    );
  }

  /** What the draw tool gives to the stroke that begins now. */
  style(width: number, erase: boolean): void {
    this.styles.push({ width, erase });
    for (const model of this.plot.tool_views.keys()) {
      if (model.type !== "FreehandDrawTool") continue;
      const tool = model as unknown as { setv(values: object, options: object): void };
      const overrides = { width: width * this.pixel, color: inkColour(erase) };
      tool.setv({ default_overrides: overrides }, { sync: false });
    }
  }

  /** Colours of the theme, widths in the pad's present pixels. */
  restyle(): void {
    this.pixel = this.measured;
    const styles = this.styles.slice(0, (this.ink.data.xs as unknown[] | undefined)?.length ?? 0);
    setData(this.ink, {
      ...this.ink.data,
      width: styles.map(({ width }) => width * this.pixel),
      color: styles.map(({ erase }) => inkColour(erase)),
    });
  }

  private get measured(): number {
    return this.plot.frame.bbox.width / INPUT_PIXELS;
  }
}

export function inkColour(erase = false): string {
  if (erase) return isDark() ? "#10151b" : "#ffffff";
  return isDark() ? "#eef2f6" : "#1f2933";
}
