/** The cells of the flat plot: every node's activation as a pixel of an image, one image per feature map. */

import { type BokehDocument, imageArray, setData, setPalette, sourceNamed } from "../bokeh";
import { isDark } from "../dom";
import type { Block, NetworkMessage } from "../wire";

export class Cells {
  private parts: CellImages[] = [];

  constructor(private readonly document: BokehDocument) {}

  /** What is shown of a network, whose levels come with `update`. */
  show(network: NetworkMessage, blocks: Block[]): void {
    const signed = (block: Block): boolean => network.layers[block.layer].signed;
    this.parts = [
      new CellImages(sourceNamed(this.document, "vizapp-cells"), blocks.filter((b) => !signed(b))),
      new CellImages(sourceNamed(this.document, "vizapp-cells-signed"), blocks.filter(signed)),
    ];
  }

  update(levels: Uint8Array): void {
    for (const part of this.parts) part.update(levels);
  }

  /** `difference`: zero is in the middle in all layers. */
  recolour(network: NetworkMessage, difference: boolean): void {
    const palette = network.palettes[isDark() ? "dark" : "light"];
    ["vizapp-map", "vizapp-map-signed"].forEach((name, row) => {
      setPalette(this.document, name, hexColours(palette, 256 * (difference ? 1 : row)));
    });
  }
}

/** Blocks of cells as images of one Bokeh glyph; a cell that stands apart is an image of its own. */
class CellImages {
  private parts: { first: number; rows: number; cols: number; bytes: Uint8Array }[] = [];
  private place: Record<string, number[]> = { x: [], y: [], dw: [], dh: [] };

  constructor(
    private source: ReturnType<typeof sourceNamed>,
    blocks: Block[],
  ) {
    for (const b of blocks) {
      if (b.spacing === b.cell && b.count === b.rows * b.cols) {
        this.add(b.first, b.rows, b.cols, b.x, b.y, b.cell);
        continue;
      }
      const margin = (b.spacing - b.cell) / 2;
      for (let i = 0; i < b.count; i++) {
        const x = b.x + (i % b.cols) * b.spacing + margin;
        const y = b.y + (b.rows - 1 - Math.floor(i / b.cols)) * b.spacing + margin;
        this.add(b.first + i, 1, 1, x, y, b.cell);
      }
    }
    this.update(new Uint8Array(0));
  }

  private add(first: number, rows: number, cols: number, x: number, y: number, cell: number): void {
    this.parts.push({ first, rows, cols, bytes: new Uint8Array(rows * cols) });
    this.place.x.push(x);
    this.place.y.push(y);
    this.place.dw.push(cols * cell);
    this.place.dh.push(rows * cell);
  }

  update(levels: Uint8Array): void {
    const image = this.parts.map(({ first, rows, cols, bytes }) => {
      // Bokeh draws row 0 at the bottom.
      for (let row = 0; row < rows && levels.length; row++) {
        const start = first + row * cols;
        bytes.set(levels.subarray(start, start + cols), (rows - 1 - row) * cols);
      }
      return imageArray(bytes, rows, cols);
    });
    setData(this.source, { image, ...this.place });
  }
}

/** 256 colours from `start` of a table of RGBA bytes, as Bokeh's mappers take them (0xRRGGBBAA). */
function hexColours(palette: Uint8Array, start: number): string[] {
  return Array.from({ length: 256 }, (_, i) => {
    const at = 4 * (start + i);
    return `#${[0, 1, 2].map((c) => palette[at + c].toString(16).padStart(2, "0")).join("")}`;
  });
}
