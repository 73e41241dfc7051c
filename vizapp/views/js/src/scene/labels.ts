// Names and shapes of layers, digits at the outputs: HTML above the canvas, so that text is always crisp.
import type { PerspectiveCamera } from "three";
import type { Place } from "./bounds";
import { type GroupHandlers, listen, MapLabels } from "./map-labels";
import type { NodeTextures } from "./nodes";
import type { SceneNetwork, SceneTheme } from "./types";

const GAP = 10; // between a layer and its label
const EDGE = 6; // between a label and the pane's border

export const SCENE_STYLE = `
.vz-scene canvas:focus-visible { outline: 2px solid var(--vz-accent); }
.vz-notice { position: absolute; left: 0; right: 0; top: 45%; text-align: center; color: var(--vz-ink); }
.vz-labels { position: absolute; inset: 0; overflow: hidden; pointer-events: none; line-height: 1.25;
  font-size: 12px; font-variant-numeric: tabular-nums; color: var(--vz-ink); }
.vz-labels > * { position: absolute; left: 0; top: 0; white-space: nowrap; }
.vz-layer, .vz-output { text-shadow: 0 0 2px var(--vz-background), 0 0 4px var(--vz-background),
  0 0 8px var(--vz-background); }
.vz-layer { min-height: 0; margin: 0; padding: 0; border: 0; border-radius: 4px; background: none; font: inherit;
  color: inherit; text-align: right; cursor: pointer; pointer-events: auto; transition: opacity 120ms; }
.vz-layer:hover, .vz-layer:focus-visible { text-decoration: underline; text-underline-offset: 2px; }
.vz-layer:focus-visible { outline: 2px solid var(--vz-accent); outline-offset: 2px; }
.vz-maps > * { position: absolute; left: 0; top: 0; padding: 0 3px; border-radius: 3px; font-size: 10px; line-height: 12px;
  color: var(--vz-muted); background: color-mix(in srgb, var(--vz-background) 70%, transparent);
  cursor: pointer; pointer-events: auto; }
.vz-maps > :hover { color: var(--vz-background); background: var(--vz-ink); }
.vz-over-canvas { position: absolute; inset: 0; width: 100%; height: 100%; pointer-events: none; }
.vz-over { padding: 2px 6px; margin: -2px -6px; border-radius: 4px; transition: none;
  background: color-mix(in srgb, var(--vz-background) 85%, transparent); }
.vz-layer b { display: block; font-weight: 600; }
.vz-layer span { display: block; color: var(--vz-muted); }
.vz-small .vz-layer { font-size: 11px; }
.vz-small .vz-layer :is(b, span) { display: inline; }
.vz-output { font-weight: 600; font-size: 13px; }
.vz-small .vz-output { font-size: 11px; }
.vz-hover { padding: 2px 8px; border-radius: 4px; background: var(--vz-ink); color: var(--vz-background); }
`;

interface Chip {
  element: HTMLElement;
  width: number;
  height: number;
}

export class Labels {
  readonly element = document.createElement("div");
  private readonly maps: MapLabels;
  private layers: Chip[] = [];
  private outputs: Chip[] = [];
  private readonly hover = document.createElement("div");
  private measured = false;

  constructor(network: SceneNetwork, handlers: GroupHandlers) {
    this.element.className = "vz-labels";
    this.element.setAttribute("role", "toolbar");
    this.element.setAttribute("aria-orientation", "vertical");
    this.element.setAttribute("aria-label", "Select a layer");
    this.element.addEventListener("keydown", this.key);
    this.maps = new MapLabels(network, handlers);
    this.element.append(this.maps.element);
    this.layers = network.layers.map((layer, index) => {
      const element = document.createElement("button");
      element.type = "button";
      element.className = "vz-layer";
      element.title = `Select layer ${layer.label}: ${layer.count.toLocaleString("en")} nodes; with Shift add them`;
      element.tabIndex = index === network.layers.length - 1 ? 0 : -1;
      listen(element, { layer: index, map: null }, handlers);
      const [name, detail] = [document.createElement("b"), document.createElement("span")];
      [name.textContent, detail.textContent] = [layer.label, layer.detail];
      element.append(name, " ", detail);
      return this.add(element);
    });
    this.outputs = network.outputs.map(({ text }) => {
      const element = document.createElement("div");
      element.className = "vz-output";
      element.setAttribute("aria-hidden", "true");
      element.textContent = text;
      return this.add(element);
    });
    this.hover.className = "vz-hover";
    this.hover.setAttribute("aria-hidden", "true");
    this.hover.hidden = true;
    this.element.append(this.hover);
  }

  /** A label is no obstacle for the wheel. */
  passWheel(canvas: HTMLCanvasElement): void {
    const pass = (event: WheelEvent): void => {
      event.preventDefault();
      canvas.dispatchEvent(new WheelEvent("wheel", event));
    };
    this.element.addEventListener("wheel", pass, { passive: false });
  }

  private add(element: HTMLElement): Chip {
    this.element.append(element);
    return { element, width: 0, height: 0 };
  }

  setTheme(theme: SceneTheme): void {
    for (const name of ["background", "ink", "muted"] as const)
      this.element.style.setProperty(`--vz-${name}`, theme[name]);
  }

  /** Narrow panes get smaller labels, on one line. */
  set small(small: boolean) {
    this.element.classList.toggle("vz-small", small);
    this.measured = false;
  }

  /** Sizes are read once, not in every frame: reading makes the browser lay the page out. */
  private measure(): void {
    if (this.measured) return;
    for (const chip of [...this.layers, ...this.outputs]) {
      chip.width = chip.element.offsetWidth;
      chip.height = chip.element.offsetHeight;
    }
    this.measured = this.layers.every((chip) => chip.width > 0);
  }

  /** Width of the widest layer label with its gaps: the room to leave at the left. */
  get gutter(): number {
    this.measure();
    return Math.max(0, ...this.layers.map((chip) => chip.width)) + GAP + EDGE;
  }

  /** Put each layer's label at its left end, or (`above`) above its corner where there is no room. */
  placeLayers(places: Place[], shown: boolean[], [width, height]: [number, number], above: boolean): void {
    this.measure();
    const placed: { chip: Chip; x: number; y: number }[] = [];
    this.layers.forEach((chip, index) => {
      const place = places[index];
      const { left, right, top, bottom } = place;
      const inSight = shown[index] && right > 0 && left < width && bottom > 0 && top < height;
      chip.element.style.opacity = inSight ? "1" : "0";
      chip.element.inert = !inSight;
      if (!inSight) return;
      const beside = left - GAP - chip.width;
      const lifted = above && beside < EDGE;
      const x = Math.max(EDGE, lifted ? left : beside);
      // Where the layer runs out of the pane at the left, the label goes along with what is still in sight.
      const along = right > left ? Math.min(1, Math.max(0, (x + chip.width + GAP - left) / (right - left))) : 0;
      const y = place.leftEnd + (place.rightEnd - place.leftEnd) * along - chip.height / 2;
      chip.element.classList.toggle("vz-over", left < x + chip.width && !lifted);
      placed.push({ chip, x, y: lifted ? top - chip.height - 1 : y });
    });
    // Labels that would overlap are pushed apart, from the top down and then back up.
    placed.sort((a, b) => a.y - b.y);
    const clash = (a: (typeof placed)[0], b: (typeof placed)[0]) =>
      a.x < b.x + b.chip.width && b.x < a.x + a.chip.width ? a.y + a.chip.height - b.y : 0;
    for (let round = 0; round < 4; round++)
      for (let i = 1; i < placed.length; i++) {
        const push = clash(placed[i - 1], placed[i]);
        if (push > 0) {
          placed[i - 1].y -= push / 2;
          placed[i].y += push / 2;
        }
      }
    for (const { chip, x, y } of placed) move(chip.element, x, y);
  }

  /** Numbers stand at the plates of their feature maps. */
  placeMaps(nodes: NodeTextures, camera: PerspectiveCamera, shown: boolean[], size: [number, number]): void {
    this.maps.place(nodes, camera, shown, size);
  }

  /** The numbers of the layer that a node belongs to are wanted from now on. Returns whether others were before. */
  wantMaps(nodes: NodeTextures, node: number | null): boolean {
    const before = this.maps.wanted;
    if (node !== null) this.maps.wanted = nodes.layerOf[node];
    return this.maps.wanted !== before;
  }

  /** Arrows go from one layer to the next: the tabulator key has enough to stop at. */
  private readonly key = (event: KeyboardEvent): void => {
    const step = { ArrowUp: 1, ArrowDown: -1, ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const chips = this.layers.map(({ element }) => element).filter(({ inert }) => !inert);
    const at = chips.indexOf(event.composedPath()[0] as HTMLElement);
    if (!step || at < 0) return;
    event.preventDefault();
    const next = chips[(at + step + chips.length) % chips.length];
    for (const chip of chips) chip.tabIndex = chip === next ? 0 : -1;
    next.focus();
  };

  /** Digits stand on the given points. */
  placeOutputs(points: [number, number][], shown: boolean): void {
    this.outputs.forEach((chip, index) => {
      chip.element.hidden = !shown;
      move(chip.element, points[index][0] - chip.width / 2, points[index][1] - chip.height);
    });
  }

  setHover(text: string | null): void {
    this.hover.hidden = !text;
    this.hover.textContent = text;
  }

  /** The hovered node's text stands above it, or below at the pane's top. */
  placeHover([x, y]: [number, number], width: number): void {
    if (this.hover.hidden) return;
    const { offsetWidth, offsetHeight } = this.hover;
    const top = y - offsetHeight - 14;
    move(
      this.hover,
      Math.max(EDGE, Math.min(width - offsetWidth - EDGE, x - offsetWidth / 2)),
      top < EDGE ? y + 14 : top,
    );
  }
}

function move(element: HTMLElement, x: number, y: number): void {
  element.style.transform = `translate(${Math.round(x)}px, ${Math.round(y)}px)`;
}
