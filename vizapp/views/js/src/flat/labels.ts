/** The names at the left of the layers, the numbers under feature maps, the digits: text that can be clicked. */

import { type BokehDocument, type PlotView, setData, sourceNamed } from "../bokeh";
import type { Hub, Preview } from "../hub";
import { layerGroup, mapGroup, mapsOf } from "../selecting";
import type { FrameMessage, NetworkMessage } from "../wire";

/** Width of a layer's shape in letters. */
const DETAIL_PX = 72;
const FONT = 'Inter, "Segoe UI", system-ui, Roboto, "Helvetica Neue", Arial, sans-serif';
/** A map's number needs this much from one map to the next, and as much as its own height below. */
const NUMBER_PX = 15;

/** A text on the screen, in px from the plot's upper left corner, and what it stands for. */
interface Target {
  left: number;
  top: number;
  right: number;
  bottom: number;
  group: Preview;
}

export class Labels {
  private scales = "";
  private numbered = "";
  private lines = 0;
  private widths: number[] = [];
  private layers: Preview[] = [];
  private maps: Preview[][] = [];

  constructor(
    private readonly hub: Hub,
    private readonly plot: PlotView,
    private readonly document: BokehDocument,
  ) {}

  /** Another network, or other layers of it. */
  show(network: NetworkMessage): void {
    this.scales = this.numbered = "";
    this.layers = network.layers.map((_, i) => layerGroup(network, i));
    this.maps = network.layers.map((_, i) => mapsOf(network, i).map((_, map) => mapGroup(network, i, map)));
    this.digits(network);
    this.place();
  }

  /** Bring all texts up to date with the frame and the zoom. */
  place(): void {
    const { network, frame } = this.hub;
    if (!network || !this.layers.length) return;
    if (frame) this.names(network, frame);
    this.numbers(network);
    this.mark();
  }

  /** The layer or feature map whose text is at a point of the plot, in px. */
  at(x: number, y: number): Preview | null {
    return this.targets().find((t) => x >= t.left && x <= t.right && y >= t.top && y <= t.bottom)?.group ?? null;
  }

  /** Name, shape and scale at the left of each layer. */
  private names(network: NetworkMessage, frame: FrameMessage): void {
    const own = frame.scale === "layer" ? frame.scales.map((scale) => `0 … ${scale.toFixed(2)}`) : [];
    this.lines = this.room(network);
    const wanted = [this.lines, ...own].join();
    if (wanted === this.scales) return;
    this.scales = wanted;
    const detail = network.layers.map((layer, i) =>
      [layer.detail, ...(own.length ? [own[i]] : [])].slice(0, this.lines - 1).join("\n"),
    );
    this.widths = network.layers.map(({ label }, i) =>
      Math.max(width(label, 13), ...detail[i].split("\n").map((line) => width(line, 11))),
    );
    setData(sourceNamed(this.document, "vizapp-labels"), {
      x: network.layers.map(() => network.label_x),
      y: network.layers.map((_, i) => middle(network, i)),
      name: network.layers.map((layer) => layer.label),
      detail,
    });
  }

  /** Px per unit of the layout. */
  private get scale(): number {
    const { x_range } = this.plot.model;
    return this.plot.frame.bbox.width / (x_range.end - x_range.start);
  }

  /** Lines of text that fit between two layers at the present zoom. */
  private room(network: NetworkMessage): number {
    const bottoms = network.layers.map((_, i) => network.blocks.find((b) => b.layer === i)!.y);
    const closest = Math.min(...bottoms.slice(1).map((y, i) => y - bottoms[i]));
    const [left] = network.bounds;
    const widest = Math.min(...network.blocks.map((b) => b.x)) - left;
    return widest * this.scale < DETAIL_PX ? 1 : Math.max(1, Math.min(3, Math.floor((closest * this.scale) / 16)));
  }

  /** Which layers have room for the numbers of their feature maps. */
  private numbers(network: NetworkMessage): void {
    const hidden = this.hub.settings?.hidden ?? [];
    const roomy = network.layers.map(({ name }, i) => {
      const [a, b] = mapsOf(network, i);
      return Boolean(b) && !hidden.includes(name) && (b.x - a.x) * this.scale >= NUMBER_PX;
    });
    const wanted = roomy.join();
    if (wanted === this.numbered) return;
    this.numbered = wanted;
    const blocks = network.layers.flatMap((_, i) => (roomy[i] ? mapsOf(network, i).map((block, map) => ({ block, map })) : []));
    setData(sourceNamed(this.document, "vizapp-maps"), {
      x: blocks.map(({ block }) => block.x + (block.cols * block.spacing) / 2),
      y: blocks.map(({ block }) => block.y),
      text: blocks.map(({ map }) => String(map + 1)),
    });
  }

  /** An output is called by its digit. */
  private digits(network: NetworkMessage): void {
    const { offset, count } = network.layers[network.layers.length - 1];
    const nodes = Array.from({ length: count }, (_, i) => offset + i);
    setData(sourceNamed(this.document, "vizapp-digits"), {
      x: nodes.map((n) => network.flat[2 * n]),
      y: nodes.map((n) => network.flat[2 * n + 1] + 0.95 * network.flat_size[n]),
      text: nodes.map((_, i) => String(i)),
    });
  }

  private targets(): Target[] {
    const { network, settings } = this.hub;
    if (!network || !this.widths.length) return [];
    const { x_scale, y_scale } = this.plot.frame;
    const roomy = this.numbered.split(",");
    return network.layers.flatMap(({ name }, i) => {
      if (settings?.hidden.includes(name)) return [];
      const [left, y] = [x_scale.compute(network.label_x), y_scale.compute(middle(network, i))];
      const target = { left: left - 5, right: left + this.widths[i] + 5, top: y - 18, bottom: y + 3 + 13 * (this.lines - 1) };
      const found: Target[] = [{ ...target, group: this.layers[i] }];
      if (roomy[i] !== "true") return found;
      mapsOf(network, i).forEach((block, map) => {
        const centre = x_scale.compute(block.x + (block.cols * block.spacing) / 2);
        const half = Math.min(12, (block.cols * block.spacing * this.scale) / 2);
        const top = y_scale.compute(block.y) + 1;
        found.push({ left: centre - half, right: centre + half, top, bottom: top + 14, group: this.maps[i][map] });
      });
      return found;
    });
  }

  /** The text that the pointer is on stands on a ground of its own. */
  mark(): void {
    const { x_scale, y_scale } = this.plot.frame;
    const { preview } = this.hub;
    const target = preview && this.targets().find(({ group }) => group === preview);
    const data = target
      ? {
          left: [x_scale.invert(target.left)],
          right: [x_scale.invert(target.right)],
          top: [y_scale.invert(target.top)],
          bottom: [y_scale.invert(target.bottom)],
        }
      : { left: [], right: [], top: [], bottom: [] };
    const wanted = JSON.stringify(data);
    if (wanted === this.marked) return;
    this.marked = wanted;
    setData(sourceNamed(this.document, "vizapp-label-mark"), data);
  }

  private marked = "";
}

function middle(network: NetworkMessage, layer: number): number {
  const blocks = network.blocks.filter((b) => b.layer === layer);
  return (Math.min(...blocks.map((b) => b.y)) + Math.max(...blocks.map((b) => b.y + b.rows * b.spacing))) / 2;
}

const context = document.createElement("canvas").getContext("2d");

function width(text: string, size: number): number {
  if (!context) return 7 * text.length;
  context.font = `${size}px ${FONT}`;
  return context.measureText(text).width;
}
