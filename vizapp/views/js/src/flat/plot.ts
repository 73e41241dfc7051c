/** The flat plot: every node of the flattened network as a cell, in a Bokeh figure. */

import type { BokehDocument, PlotView } from "../bokeh";
import { isDark } from "../dom";
import { EdgeLayer } from "../edges";
import { Veil } from "../fade";
import { outlineInPlot } from "../field";
import type { Hub } from "../hub";
import { announce, ARROWS, BY_KEYS, clearOnEscape, nodeKey } from "../keys";
import { HoverTimer } from "../timing";
import { Viewport } from "../viewport";
import type { Block, FrameMessage, NetworkMessage } from "../wire";
import { Cells } from "./cells";
import { HoverLines } from "./hover";
import { Labels } from "./labels";
import { FlatPointer } from "./pointer";
import { SelectionLines } from "./selection";
import { Tools } from "./tools";

const HELP =
  "Flat plot of the network, every node a cell. Arrow keys go from node to node, Page Up and Page Down along the " +
  "strongest edge to the next layer, Enter selects, with Shift it adds, Escape clears.";

interface Model {
  setv(values: object, options: { sync: boolean }): void;
}

export class FlatPlot {
  readonly tools: Tools;
  private network: NetworkMessage | null = null;
  private painting: number | null = null;
  private difference = false;
  private tracing: { node: number | null } | null = null;
  private readonly viewport: Viewport;
  private readonly cells: Cells;
  private readonly labels: Labels;
  private readonly lines: HoverLines;
  private readonly selection: SelectionLines;

  constructor(
    private readonly hub: Hub,
    private readonly plot: PlotView,
    private readonly document: BokehDocument,
    private readonly root: HTMLElement,
  ) {
    const shown = (block: Block): boolean => !this.hides(block);
    this.viewport = new Viewport(plot);
    this.cells = new Cells(document);
    this.labels = new Labels(hub, plot, document);
    this.lines = new HoverLines(hub, document);
    this.selection = new SelectionLines(hub, plot, document, shown, root);
    this.tools = new Tools(hub, plot, document, this.viewport, shown);
    new FlatPointer(hub, plot, this.labels, this.lines, this.viewport);
    new EdgeLayer(hub, plot, document);
    outlineInPlot(hub, document);
    new Veil(hub, plot, this.viewport);
    new HoverTimer(hub);
    this.keyboard(plot.canvas_view.events_el);
    plot.repainted.connect(() => this.painted());
    hub.on("network", (network) => this.show(network));
    hub.on("frame", (frame) => this.update(frame));
    hub.on("focus", ({ node }) => {
      this.lines.show();
      this.tracing = { node };
    });
    hub.on("selection", () => this.selection.show());
    hub.on("preview", () => this.labels.mark());
    hub.on("theme", () => this.recolour());
    hub.on("settings", () => this.show(hub.network));
    this.show(hub.network);
  }

  private hides({ layer }: Block): boolean {
    const { network, settings } = this.hub;
    return Boolean(network && settings?.hidden.includes(network.layers[layer].name));
  }

  private keyboard(events: HTMLElement): void {
    events.tabIndex = 0;
    events.setAttribute("role", "application");
    events.setAttribute("aria-label", HELP);
    events.addEventListener("keydown", (event) => {
      const reveal = (node: number): void => this.reveal(node);
      if (nodeKey(this.hub, event, ARROWS, `flat${BY_KEYS}`, reveal)) event.preventDefault();
    });
    // Only who came by keyboard needs to see where the keys go.
    events.style.outline = "none";
    const ring = (): unknown => this.root.classList.toggle("keyboard", events.matches(":focus-visible"));
    events.addEventListener("focus", ring);
    events.addEventListener("blur", () => {
      ring();
      this.hub.setFocus(null, `flat${BY_KEYS}`);
    });
    clearOnEscape(this.hub, this.root);
    announce(this.hub);
  }

  /** Bring a node that the keyboard has come to into sight. */
  private reveal(node: number): void {
    if (!this.network) return;
    const { flat, flat_size } = this.network;
    const [x, y, room] = [flat[2 * node], flat[2 * node + 1], 2 * flat_size[node]];
    this.viewport.reveal([x - room, x + room, y - room, y + room]);
  }

  private show(network: NetworkMessage | null): void {
    if (!network) return;
    this.cells.show(network, network.blocks.filter((block) => !this.hides(block)));
    if (this.network?.name !== network.name) {
      this.network = network;
      this.viewport.fit(network.bounds);
    }
    this.labels.show(network);
    if (this.hub.frame) this.update(this.hub.frame);
    this.recolour();
  }

  private update(frame: FrameMessage): void {
    if (frame.network !== this.network?.name) return;
    this.painting = frame.ack;
    if (frame.difference !== this.difference) this.cells.recolour(this.network, (this.difference = frame.difference));
    this.cells.update(frame.levels);
    this.labels.place();
    if (this.hub.focus !== null) this.lines.show();
    // Now, not in the next animation frame: that one then only has to show it.
    this.plot.repaint();
  }

  private painted(): void {
    const { painting, tracing } = this;
    this.painting = this.tracing = null;
    if (tracing) {
      const tell = (): void => this.hub.emit("traced", { pane: "flat", node: tracing.node });
      // An answer is painted at once, and on the screen in the next frame.
      if (painting !== null) requestAnimationFrame(tell);
      else tell();
    }
    if (painting !== null) this.hub.emit("painted", { pane: "flat", ack: painting });
    this.labels.place();
  }

  private recolour(): void {
    if (!this.network) return;
    this.cells.recolour(this.network, this.difference);
    const set = (name: string, values: object): void =>
      (this.document.get_model_by_name(name) as Model | null)?.setv(values, { sync: false });
    const [ink, muted, accent, surface] = isDark()
      ? ["#e6ebf0", "#9aa7b4", "#6fb1ee", "#161b21"]
      : ["#1f2933", "#5f6b76", "#1b64a5", "#ffffff"];
    set("vizapp-label-name", { text_color: ink });
    set("vizapp-label-detail", { text_color: muted });
    set("vizapp-digit", { text_color: ink });
    set("vizapp-map-number", { text_color: muted, background_fill_color: surface });
    set("vizapp-label-ground", { fill_color: accent, line_color: accent });
    set("vizapp-outline", { line_color: ink });
    set("vizapp-preview-line", { line_color: ink });
    set("vizapp-primary-around", { line_color: ink });
    this.lines.show();
    this.selection.show();
  }
}
