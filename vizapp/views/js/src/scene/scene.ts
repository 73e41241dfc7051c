// A whole network in 3D: every node a box, coloured by one byte each. Draws only when something has changed.
import { Scene, Vector3, type WebGLRenderer } from "three";
import { union } from "./bounds";
import { CameraRig, HOME, type Insets, type Pose } from "./camera";
import { corners, Flight } from "./flight";
import { Glow } from "./glow";
import { Motion } from "./motion";
import { dispose, makeParts, meshes, type Parts } from "./parts";
import { pick } from "./picking";
import { Pointer } from "./pointer";
import { makeStage, nameStage } from "./stage";
import { MEDIUM, SLOW } from "./tween";
import { ACCENT, type Group, type HoverEdges, LIGHT, type SceneNetwork, type SceneTheme, type Step } from "./types";
import type { View } from "./vector";
import { createRenderer, watchContext, whenDrawn } from "./webgl";

export { WebGLMissingError } from "./webgl";
export * from "./types";

const NARROW = 440; // px; below it labels stand above their layers, to leave the width to the network
const FADED = 0.12; // what is left of edges that take no part in a step

export class NetworkScene {
  /** `at`: time stamp of the pointer's event. */
  onHover: (node: number | null, at?: number) => void = () => {};
  onPick: (node: number | null, event: { shift: boolean }) => void = () => {};
  /** The pointer is on the label of a layer or of a feature map, or has left it. */
  onGroup: (group: Group | null) => void = () => {};
  onPickGroup: (group: Group, event: { shift: boolean }) => void = () => {};
  /** What the pointer is on, and its edges, have been drawn. */
  onTraced: () => void = () => {};
  /** Called with the tag of the latest levels when the frame that shows them has been drawn, GPU included. */
  onPainted: (tag: unknown) => void = () => {};
  /** Frames rendered so far; constant while nothing changes. */
  frames = 0;
  readonly canvas: HTMLCanvasElement;

  private readonly root: HTMLElement;
  private readonly notice: HTMLElement; // for bad times
  private readonly renderer: WebGLRenderer;
  private readonly scene = new Scene();
  private readonly glow = new Glow();
  private readonly rig: CameraRig;
  private readonly flight: Flight;
  private readonly pointer: Pointer;
  private readonly observer: ResizeObserver;
  private readonly unwatch: () => void;
  private readonly motion = new Motion(() => this.invalidate());
  private parts: Parts | null = null;
  private theme: SceneTheme = LIGHT;
  private palette: Uint8Array | null = null;
  private shown: boolean[] = [];
  private flat = false;
  private current = ""; // the named view, and the pose that a person has made of it
  private deepPose: Pose | null = null;
  private strength = 1; // of the edges, once they have faded
  private hovered: number | null = null;
  private tag: unknown = undefined;
  private repainted = false;
  private size: [number, number] = [0, 0];
  private scheduled = 0;
  private drawing = false;
  private lost = false;

  /** Fills `parent`. Throws WebGLMissingError where the browser has no WebGL 2. */
  constructor(parent: HTMLElement) {
    this.renderer = createRenderer();
    this.canvas = this.renderer.domElement;
    [this.root, this.notice] = makeStage(parent, this.canvas);

    this.rig = new CameraRig(this.canvas, this.invalidate, () => this.motion.stop("pose"));
    this.rig.setFlat(false);
    this.flight = new Flight(this.rig);
    this.pointer = new Pointer(this.canvas, { point: this.point, click: this.click });
    this.canvas.addEventListener("keydown", this.key);
    this.unwatch = watchContext(this.canvas, this.contextChanged);
    this.scene.add(this.glow.mesh);
    this.observer = new ResizeObserver(() => this.resize());
    this.observer.observe(this.root);
    this.setTheme(LIGHT);
  }

  /** Show another network; levels, selection and edges start empty. */
  setNetwork(network: SceneNetwork): void {
    this.disposeParts();
    const parts = (this.parts = makeParts(network, { over: (group) => this.onGroup(group), pick: (...it) => this.onPickGroup(...it) }));
    this.scene.add(...meshes(parts));
    this.notice.before(parts.hover.element, parts.labels.element);
    parts.labels.passWheel(this.canvas);
    nameStage(this.canvas, network.name);
    this.shown = network.layers.map(() => true);
    this.motion.clear();
    this.hovered = null;
    parts.nodes.uniforms.flatness.value = this.flat ? 1 : 0;
    if (this.palette) parts.cells.setPalette(this.palette);
    this.setTheme(this.theme);
    this.current = Object.keys(network.cameras)[0] ?? "";
    this.deepPose = null;
    this.flight.forget();
    this.strength = 1;
    this.rig.touched = false;
    this.resize();
  }

  /** One byte per node: the index into its palette row. `tag` comes back through onPainted. */
  setLevels(levels: Uint8Array, tag?: unknown): void {
    this.need().nodes.setLevels(levels);
    this.tag = tag;
    this.repainted = true;
    this.invalidate();
  }

  /** 2 × 256 RGBA bytes: row 0 for layers with values of one sign, row 1 for signed ones. */
  setPalette(rgba: Uint8Array): void {
    if (rgba.length !== 2048) throw new RangeError("a palette has 2 × 256 × 4 bytes");
    this.palette = rgba.slice();
    this.parts?.cells.setPalette(rgba);
    this.invalidate();
  }

  setTheme(theme: SceneTheme): void {
    this.theme = theme;
    this.renderer.setClearColor(theme.background);
    const accent = theme.accent ?? ACCENT;
    this.root.style.setProperty("--vz-ink", theme.ink);
    this.root.style.setProperty("--vz-accent", accent);
    this.glow.setTheme(theme);
    this.parts?.cells.setTheme(theme);
    this.parts?.plates.setTheme(theme);
    this.parts?.labels.setTheme(theme);
    this.invalidate();
  }

  /** Move every node between its place in 3D and its place in the flattened plot. */
  setFlat(flat: boolean, animate = true): void {
    if (flat === this.flat) return;
    if (flat) this.deepPose = this.rig.touched ? this.rig.pose : null;
    this.flat = flat;
    this.rig.setFlat(flat);
    this.flight.forget();
    const pose = (!flat && this.deepPose) || this.fitted();
    this.rig.touched = !flat && this.deepPose !== null;
    const uniform = this.need().nodes.uniforms.flatness;
    const [from, to] = [uniform.value as number, flat ? 1 : 0];
    this.motion.start("flat", SLOW, animate, (share) => (uniform.value = from + (to - from) * share));
    this.lead(pose, animate);
  }

  /** Outline a node, and draw its edges to or from `edges.nodes`; `text` is shown beside it. */
  setHover(node: number | null, edges?: HoverEdges, text?: string): void {
    const { hover, labels } = this.need();
    this.hovered = node;
    labels.setHover(node === null ? null : (text ?? null));
    // The boxes below are as they were: only the canvas above them is drawn.
    hover.set(node, edges ?? null, this.trace);
  }

  /** The edges of a step's first node and the path along all; other edges fade. `soon`: draw a frame for it. */
  setStep(step: Step | null, soon = true): void {
    const { edges, stepEdges } = this.need();
    if (step?.edges) stepEdges.setSigned(step.path[0], step.edges, this.theme, step.path);
    else stepEdges.clear();
    const [from, to] = [edges.strength, step ? FADED : 1];
    if (to !== this.strength) this.motion.start("step", MEDIUM, true, (share) => (edges.strength = from + (to - from) * share));
    this.strength = to;
    if (soon) this.invalidate();
  }

  /** Fly to runs of nodes, [first, count, …], or, with null, back to where the person had the camera. */
  aim(runs: Uint32Array | null, animate = true): void {
    const points = runs && corners(this.need().nodes, runs, this.flat ? 1 : 0);
    const pose = this.flight.to(points, () => this.fitted());
    if (pose) this.lead(pose, animate);
  }

  /** `seen`: nodes at the corners, in their order around, of what is outlined as seen; none: nothing is. */
  setSelection(nodes: Uint32Array, primary: number | null, seen: number[] = []): void {
    this.need().nodes.setSelected(nodes, primary);
    this.need().field.loop(seen, this.theme.accent ?? ACCENT);
    this.invalidate();
  }

  /** Mark what would be selected. */
  setPreview(nodes: Uint32Array): void {
    this.need().nodes.setPreview(nodes);
    this.invalidate();
  }

  /** Draw these edges, four colour bytes each, in one call. */
  setEdges(source: Uint32Array, target: Uint32Array, rgba: Uint8Array): void {
    this.need().edges.set(source, target, rgba);
    this.invalidate();
  }

  /** Show or hide whole layers, with their labels and edges; what is hidden cannot be hovered. */
  setVisibleLayers(mask: boolean[], animate = true): void {
    const { nodes } = this.need();
    this.shown.forEach((_, layer) => {
      const to = mask[layer] === false ? 0 : 1;
      const from = nodes.visibility(layer);
      this.shown[layer] = to === 1;
      if (from !== to)
        this.motion.start(`layer ${layer}`, MEDIUM, animate, (share) =>
          nodes.setVisibility(layer, from + (to - from) * share),
        );
    });
    if (this.hovered !== null && !this.shown[nodes.layerOf[this.hovered]]) this.hover(null);
  }

  /** Go to one of the network's named views. In the flattened plot it takes effect on the way back. */
  view(name: string, animate = true): void {
    if (!(name in this.need().nodes.network.cameras)) throw new RangeError(`no view is named ${name}`);
    this.current = name;
    this.deepPose = null;
    this.flight.forget();
    this.rig.touched = false;
    this.lead(this.fitted(), animate);
  }

  /** Back to the first view, everything in sight. */
  reset(animate = true): void {
    this.view(Object.keys(this.need().nodes.network.cameras)[0], animate);
  }

  /** Where a node's centre is, in CSS px from the canvas's upper left corner. */
  project(node: number): [number, number] {
    const point = new Vector3(...this.need().nodes.centre(node)).project(this.rig.camera);
    return [((point.x + 1) / 2) * this.size[0], ((1 - point.y) / 2) * this.size[1]];
  }

  /** All that a picture of what is to be seen now is made of. */
  get picture(): View {
    const { size, theme, palette } = this;
    return { ...this.need(), camera: this.rig.camera, size, theme, palette, glow: this.glow.mesh.material.uniforms.ellipse.value };
  }

  /** Draw once at so many px to a CSS pixel, for `take` to read the canvas before the task ends. */
  snapshot(scale: number, take: (canvas: HTMLCanvasElement) => void): void {
    const usual = this.renderer.getPixelRatio();
    this.renderer.setPixelRatio(scale);
    this.paint();
    take(this.canvas);
    this.renderer.setPixelRatio(usual);
    this.paint();
  }

  dispose(): void {
    cancelAnimationFrame(this.scheduled);
    this.observer.disconnect();
    this.pointer.dispose();
    this.canvas.removeEventListener("keydown", this.key);
    this.unwatch();
    this.rig.dispose();
    if (this.parts) dispose(this.parts); // kept: what still comes has somebody to be told to
    this.glow.dispose();
    this.renderer.dispose();
    this.renderer.forceContextLoss(); // browsers keep only a few contexts
    this.root.remove();
    this.scheduled = -1; // whatever still comes finds a frame asked for already
  }

  private need(): Parts {
    if (!this.parts) throw new Error("the scene has no network yet");
    return this.parts;
  }

  private disposeParts(): void {
    if (!this.parts) return;
    this.scene.remove(...meshes(this.parts));
    dispose(this.parts);
    this.parts = null;
  }

  // Drawing

  private readonly invalidate = (): void => {
    if (!this.drawing) this.scheduled ||= requestAnimationFrame(this.frame);
  };

  private readonly frame = (now: number): void => {
    this.drawing = true; // what the controls say about the camera now is already in this frame
    const moving = this.motion.advance(now);
    const drifting = this.rig.drift();
    this.drawing = false;
    this.scheduled = 0;
    if (moving || drifting) this.invalidate();
    else this.pointer.look(); // the picture has come to rest under a resting pointer
    this.paint();
  };

  private paint(): void {
    const [width, height] = this.size;
    const repainted = this.repainted;
    this.repainted = false; // in a hidden pane too: nobody waits for a frame that is not drawn
    if (this.lost || !this.parts || width === 0 || height === 0) return;
    const { nodes, bounds, cells, plates, labels } = this.parts;
    const camera = this.rig.camera;
    this.rig.clip();
    nodes.look(camera);
    const perUnit = (height / 2) * camera.projectionMatrix.elements[5];
    cells.prepare(camera, perUnit);
    plates.pixels = perUnit;
    const rects = this.shown.map((_, layer) => bounds.onScreen(layer, camera, width, height));
    this.glow.behind(union(rects), width, height);
    this.renderer.render(this.scene, camera);
    this.frames++;

    labels.placeLayers(rects, this.shown, this.size, width < NARROW);
    const { outputs } = nodes.network;
    const points = outputs.map(({ node }) => bounds.above(node, camera, width, height));
    labels.placeOutputs(points, outputs.length > 0 && this.shown[nodes.layerOf[outputs[0].node]]);
    this.trace(true);
    if (repainted) {
      const tag = this.tag;
      whenDrawn(this.renderer.getContext() as WebGL2RenderingContext, () => this.onPainted(tag));
    }
  }

  /** Draw what the pointer is on, above the picture as it is. */
  private readonly trace = (moved = false): void => {
    if (!this.parts || this.size[0] === 0 || this.size[1] === 0) return;
    const { nodes, hover, labels } = this.parts;
    hover.paint(this.rig.camera, this.size, this.theme, this.palette);
    if (labels.wantMaps(nodes, this.hovered ?? nodes.primary) || moved) labels.placeMaps(nodes, this.rig.camera, this.shown, this.size);
    if (this.hovered !== null) labels.placeHover(this.project(this.hovered), this.size[0]);
    this.onTraced();
  };

  private resize(): void {
    const [width, height] = [this.root.clientWidth, this.root.clientHeight];
    const changed = width !== this.size[0] || height !== this.size[1];
    this.size = [width, height];
    if (width === 0 || height === 0 || this.scheduled < 0) return;
    if (changed) this.renderer.setSize(width, height, false);
    this.rig.resize(width, height);
    if (!this.parts) return this.paint();
    this.parts.labels.small = width < NARROW;
    if (!this.rig.touched) this.lead(this.fitted(), this.motion.has("pose"));
    this.paint(); // at once: a resized canvas is empty
  }

  // The camera

  private fitted(): Pose {
    const { bounds, labels, nodes } = this.need();
    const { position, target } = nodes.network.cameras[this.current] ?? HOME;
    const direction = this.flat ? new Vector3(0, 0, 1) : new Vector3(...position).sub(new Vector3(...target));
    const narrow = this.size[0] < NARROW;
    const insets: Insets = { left: narrow ? 10 : labels.gutter, right: narrow ? 10 : 24, top: 62, bottom: 18 };
    const whole = this.rig.fit(bounds.corners(this.flat ? 1 : 0), direction, this.size, insets);
    return this.flight.near(whole, (points, way) => this.rig.fit(points, way, this.size, insets));
  }

  private lead(pose: Pose, animate: boolean): void {
    if (this.size[0] === 0) return;
    const from = this.rig.pose;
    this.motion.start("pose", SLOW, animate, (share) => (this.rig.pose = CameraRig.between(from, pose, share)));
  }

  private readonly key = (event: KeyboardEvent): void => {
    if (event.key === "0" || event.key === "Home") this.reset();
    else if (this.rig.key(event)) this.motion.stop("pose");
    else return;
    event.preventDefault();
    this.invalidate();
  };

  // The pointer

  private under([x, y]: [number, number]): number | null {
    if (!this.parts) return null;
    const { nodes, bounds } = this.parts;
    const [width, height] = this.size;
    return pick(nodes, bounds, this.rig.camera, (2 * x) / width - 1, 1 - (2 * y) / height);
  }

  private hover(node: number | null, at?: number): void {
    if (node === this.hovered) return;
    this.canvas.style.cursor = node === null ? "" : "pointer";
    this.setHover(node);
    this.onHover(node, at);
  }

  private readonly point = (at: [number, number] | null, time?: number): void => this.hover(at && this.under(at), time);

  private readonly click = (at: [number, number], event: { shift: boolean }): void => {
    const node = this.under(at);
    this.hover(node);
    this.onPick(node, event);
  };

  // A context that the browser has taken away comes back with everything in it

  private readonly contextChanged = (lost: boolean): void => {
    this.lost = lost;
    this.notice.textContent = lost ? "The browser has paused the 3D view; it comes back by itself." : "";
    if (!lost) this.setTheme(this.theme); // the new context has a black background of its own
  };
}
