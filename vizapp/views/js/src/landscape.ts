/** The test images as a map, with the present drawing on it. */

import { pictures } from "./actions";
import type { Props } from "./bokeh";
import { h } from "./dom";
import { type Hub, hubOf } from "./hub";
import { About, HOW } from "./landscape/about";
import { Area } from "./landscape/area";
import { Gallery } from "./landscape/gallery";
import { Legend } from "./landscape/legend";
import type { LandscapeMessage, MapItem } from "./landscape/messages";
import { Overlay } from "./landscape/overlay";
import { MapPicture } from "./landscape/picture";
import { type Dragging, MapPointer, ZOOM } from "./landscape/pointer";
import { Readout } from "./landscape/readout";
import { MapView } from "./landscape/view";
import { lockable } from "./locks";
import { offer } from "./pictures";
import { type Radios, radios } from "./radios";

const PROJECTIONS = [
  { value: "pca", label: "PCA", title: "Principal components: where the images differ most" },
  { value: "lda", label: "LDA", title: "Fisher’s linear discriminant: where the classes are furthest apart" },
];
const COLOURS = [
  { value: "class", label: "Class", title: "Coloured by what each image is" },
  { value: "entropy", label: "Entropy", title: "Coloured by how spread the ten probabilities are" },
  { value: "margin", label: "Margin", title: "Coloured by how far apart the two best logits are" },
  { value: "error", label: "Error", title: "Coloured by whether the network is right" },
];
const DRAGS = [
  { value: "pan", label: "Pan", title: "Drag moves the map; a click loads an image" },
  { value: "box", label: "Box", title: "Drag lists the images in a box" },
  { value: "lasso", label: "Lasso", title: "Drag lists the images inside a line" },
];
const PLACING = "Placing the test images on the map… the first time this takes a second or two.";
const DRAWING = "Drawing the dots… the first time this takes some seconds.";

export function render({ view }: Props): HTMLElement {
  return new Landscape(hubOf(view.model.document)).root;
}

class Landscape {
  readonly root: HTMLElement;
  private readonly figure = h("div", { class: "figure", tabindex: 0, role: "application", "aria-label": "Map of the test images", "aria-describedby": "map-how" });
  private readonly waiting = h("p", { class: "waiting muted", role: "status" }, PLACING);
  private readonly view = new MapView(() => this.show());
  private readonly picture: MapPicture;
  private readonly pointer: MapPointer;
  private readonly area = new Area();
  private readonly overlay = new Overlay(this.view, this.area);
  private readonly readout = new Readout();
  private readonly about = new About();
  private readonly gallery: Gallery;
  private readonly legend = new Legend((of) => this.only(of));
  private readonly projection: Radios;
  private readonly colour: Radios;
  private readonly drag: Radios;
  private readonly clear = h("button", { type: "button", class: "clear", hidden: true, title: "Forget the area (Esc)", onclick: () => this.forget() }, "Clear area");
  private map: LandscapeMessage | null = null;

  constructor(private readonly hub: Hub) {
    this.picture = new MapPicture(hub, this.view);
    this.pointer = new MapPointer(hub, this.figure, this.view, this.area);
    this.gallery = new Gallery(hub);
    const set = (name: "projection" | "map_colour") => (value: string) => hub.send({ type: "set", name, value });
    this.projection = radios("Projection", PROJECTIONS, set("projection"));
    this.colour = radios("Colour", COLOURS, set("map_colour"));
    this.drag = radios("Dragging on the map", DRAGS, (value) => this.dragged(value as Dragging));
    this.drag.set("pan");
    this.figure.append(this.picture.canvas, this.overlay.canvas, this.readout.root, this.waiting);
    this.root = h(
      "div",
      { class: "v-landscape", "data-testid": "landscape" },
      h(
        "div",
        { class: "controls" },
        lockable(hub, ["projection"], this.projection.element),
        lockable(hub, ["map_colour"], this.colour.element),
      ),
      this.tools(),
      h("div", { class: "around" }, this.figure, this.clear),
      this.readout.spoken,
      h("p", { class: "visually-hidden", id: "map-how" }, HOW),
      this.about.line,
      this.legend.root,
      this.gallery.root,
      this.about.root,
    );
    offer(hub, "landscape", { svg: () => this.overlay.svg(this.picture.canvas.toDataURL()) });
    this.listen();
  }

  private tools(): HTMLElement {
    const button = (label: string, title: string, onclick: () => void): HTMLElement =>
      h("button", { type: "button", title, "aria-label": title, onclick }, label);
    return h(
      "div",
      { class: "map-tools", role: "toolbar", "aria-label": "Map" },
      this.drag.element,
      h("span", { class: "gap" }),
      button("+", "Zoom in on the map", () => this.view.zoom(ZOOM)),
      button("−", "Zoom out of the map", () => this.view.zoom(1 / ZOOM)),
      button("Reset", "Show the whole map", () => this.view.fit()),
      h("div", { class: "v-actions compact" }, pictures(this.hub, "landscape")),
    );
  }

  private listen(): void {
    const { hub } = this;
    hub.on("landscape", (map) => this.take(map));
    hub.on("map_mark", ({ network, method, place }) => {
      if (network !== this.map?.network || method !== this.map.method) return;
      this.overlay.trail.move(place);
      // For tests and for whoever reads along.
      this.root.dataset.place = place ? place.map((value) => value.toFixed(3)).join() : "";
      this.draw();
    });
    hub.on("map_way", ({ network, method, places }) => {
      if (network !== this.map?.network || method !== this.map.method) return;
      this.overlay.way = places;
      this.root.dataset.way = String((places?.length ?? 0) / 2);
      this.draw();
    });
    hub.on("settings", () => this.settings());
    hub.on("theme", () => this.settings());
    this.settings();
    this.picture.onShown = (shown) => {
      this.waiting.hidden = true;
      this.about.inSight(shown, this.picture.of);
    };
    this.pointer.onPoint = (item, image) => {
      this.readout.show(item, this.view, image, this.pointer.byKeys);
      this.point(item);
    };
    this.gallery.onPoint = (item) => this.point(item);
    this.pointer.onArea = (done) => {
      if (done) this.brushed();
      this.draw();
    };
    this.root.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || (this.area.empty && !this.pointer.pressing)) return;
      event.preventDefault();
      this.pointer.cancel();
      this.forget();
    });
    this.figure.addEventListener("blur", () => this.draw());
    new ResizeObserver(() => this.view.resize(this.figure.clientWidth, this.figure.clientHeight)).observe(this.figure);
  }

  private take(map: LandscapeMessage): void {
    this.map = this.overlay.map = map;
    this.wait(DRAWING, true);
    this.overlay.trail.clear();
    this.overlay.way = null;
    this.pointer.leave();
    this.area.clear();
    this.clear.hidden = true;
    this.picture.about(map);
    this.about.show(map);
    this.gallery.about(map);
    this.settings();
    this.view.fit(map.bounds);
  }

  private settings(): void {
    const { settings } = this.hub;
    if (!settings) return;
    this.projection.set(settings.projection);
    this.colour.set(settings.map_colour);
    if (!this.map) return;
    this.legend.show(this.map, settings.map_colour);
    // Until the other map is there, this one is not what was chosen.
    if (this.map.method !== settings.projection || this.map.network !== settings.network) this.wait(PLACING, false);
    else this.show();
  }

  /** `below`: what is known already is seen meanwhile. */
  private wait(words: string, below: boolean): void {
    this.waiting.textContent = words;
    this.waiting.classList.toggle("below", below);
    this.waiting.hidden = false;
  }

  private only(of: number | null): void {
    this.picture.of = of;
    this.show();
  }

  private dragged(how: Dragging): void {
    this.pointer.dragging = how;
    this.drag.set(how);
    this.figure.dataset.drag = how;
  }

  private brushed(): void {
    this.clear.hidden = this.area.empty;
    this.gallery.within(this.area.empty ? null : this.area.polygon);
  }

  private forget(): void {
    if (this.clear.matches(":focus")) this.figure.focus();
    this.area.clear();
    this.brushed();
    this.draw();
  }

  private point(item: MapItem | null): void {
    this.overlay.pointed = item?.place ?? null;
    this.draw();
  }

  private show(): void {
    this.picture.show(this.hub.settings?.map_colour ?? "class");
    this.draw();
  }

  private draw(): void {
    this.overlay.colour = this.hub.settings?.map_colour ?? "class";
    this.overlay.middle = this.pointer.byKeys;
    this.overlay.draw();
  }
}
