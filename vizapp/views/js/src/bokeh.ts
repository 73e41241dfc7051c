/** The few parts of BokehJS and of Panel's ESM components that the panes use. */

export interface Signal {
  connect(slot: () => void): void;
}

export interface Scale {
  compute(x: number): number;
  invert(sx: number): number;
}

export interface Range {
  start: number;
  end: number;
  change: Signal;
  setv(values: object, options?: object): void;
}

export interface DataSource {
  data: Record<string, unknown>;
  change: Signal & { emit(): void };
}

export interface PlotView {
  model: {
    document: object;
    x_range: Range;
    y_range: Range;
    on_event(name: string, callback: (event: object) => void): void;
  };
  frame: { x_scale: Scale; y_scale: Scale; bbox: { left: number; top: number; width: number; height: number } };
  canvas_view: { events_el: HTMLElement; overlays: { el: HTMLElement } };
  tool_views: Map<{ type: string }, unknown>;
  repainted: Signal;
  repaint(): void;
  export(type: "png" | "svg", hidpi: boolean): { canvas: HTMLCanvasElement | SVGSVGElement };
  el: HTMLElement;
}

/** What `render` of a Panel ESM component receives. */
export interface Props {
  model: {
    get_child(name: string): HTMLElement;
    send_msg(data: unknown): void;
    on(event: string, callback: (value: never) => void): void;
    [parameter: string]: unknown;
  };
  view: { model: { document: BokehDocument }; get_child_view(model: unknown): unknown };
  el: HTMLElement;
}

export interface BokehDocument {
  get_model_by_name(name: string): unknown;
  roots(): { id: string }[];
  on_event(name: string, callback: () => void): void;
}

declare const Bokeh: { require(module: string): Record<string, unknown> };

/** A drag may begin with a rest: Bokeh would take a press of 0.3 s for something else, which nothing here is. */
export function dragAfterRest(): void {
  const { UIGestures } = Bokeh.require("core/ui_gestures") as { UIGestures: { press_threshold: number } };
  UIGestures.press_threshold = 2 ** 31 - 1;
}

let settled = false;

/**
 * Bokeh writes the place of all that it paints into style sheets, each time anew: browsers then work out the page's styles
 * again, several times a frame, although nothing has changed.
 */
function settleSheets(): void {
  if (settled) return;
  settled = true;
  type Sheet = { el: HTMLElement; _update(css: string): void };
  const { prototype } = Bokeh.require("core/dom").InlineStyleSheet as { prototype: Sheet };
  const usual = prototype._update;
  prototype._update = function (this: Sheet, css) {
    if (this.el.textContent !== css) usual.call(this, css);
  };
}

type MakeNdarray = (buffer: ArrayBufferLike, options: { dtype: string; shape: number[] }) => unknown;
let makeNdarray: MakeNdarray | null = null;

/** A uint8 image [rows, cols] as Bokeh's Image glyph takes it; row 0 at the bottom. */
export function imageArray(bytes: Uint8Array, rows: number, cols: number): unknown {
  makeNdarray ??= Bokeh.require("core/util/ndarray").ndarray as MakeNdarray;
  return makeNdarray(bytes.buffer, { dtype: "uint8", shape: [rows, cols] });
}

/**
 * Have Bokeh draw an SVG with images as they are, one pixel to a cell.
 *
 * By itself it scales each to the pixels of the screen first, with the fraction of a pixel at their ends cut off.
 */
export function unscaledImages<T>(draw: () => T): T {
  type Draw = (image: unknown, ...place: number[]) => void;
  const { prototype } = Bokeh.require("core/util/svg").SVGRenderingContext2D as { prototype: { drawImage: Draw } };
  const usual = prototype.drawImage;
  prototype.drawImage = function (this: unknown, image, ...place) {
    usual.call(this, image instanceof HTMLCanvasElement ? asImage(image) : image, ...place);
  };
  try {
    return draw();
  } finally {
    prototype.drawImage = usual;
  }
}

function asImage(canvas: HTMLCanvasElement): HTMLImageElement {
  const image = new Image(canvas.width, canvas.height);
  image.src = canvas.toDataURL();
  return image;
}

/**
 * Replace a source's columns in the browser only: the server need not know.
 *
 * In place, because a property that is set is compared with what it was, value by value, and an array whose
 * bytes were overwritten equals itself.
 */
export function setData(source: DataSource, data: Record<string, unknown>): void {
  if (source.data instanceof Map) for (const [name, column] of Object.entries(data)) source.data.set(name, column);
  else Object.assign(source.data, data);
  source.change.emit();
}

interface Mapper {
  rgba_mapper: { v_compute(levels: Uint8Array): Uint8ClampedArray };
  setv(values: object, options: { sync: boolean }): void;
}

const LEVELS = Uint8Array.from({ length: 256 }, (_, level) => level);

/**
 * The 256 colours of levels 0 to 255, in the browser only.
 *
 * Bokeh would work out what they are for every image of every frame, and which one a level has for every pixel.
 */
export function setPalette(document: BokehDocument, name: string, palette: string[]): void {
  const mapper = document.get_model_by_name(name) as Mapper | null;
  if (!mapper) return;
  Reflect.deleteProperty(mapper, "rgba_mapper");
  mapper.setv({ palette }, { sync: false });
  const colours = new Uint32Array(mapper.rgba_mapper.v_compute(LEVELS).buffer);
  const v_compute = (levels: Uint8Array): Uint8ClampedArray => {
    const image = new Uint32Array(levels.length);
    for (let i = 0; i < image.length; i++) image[i] = colours[levels[i]];
    return new Uint8ClampedArray(image.buffer);
  };
  Object.defineProperty(mapper, "rgba_mapper", { value: { v_compute }, configurable: true });
}

/** The view of a Bokeh figure below a component, once it exists. */
export async function plotViewOf(props: Props, child: string): Promise<PlotView> {
  settleSheets();
  for (;;) {
    const view = props.view.get_child_view(props.model[child]) as PlotView | undefined;
    if (view?.canvas_view?.events_el && view.frame) return view;
    await new Promise((resolve) => requestAnimationFrame(resolve));
  }
}

export function sourceNamed(document: BokehDocument, name: string): DataSource {
  return document.get_model_by_name(name) as DataSource;
}
