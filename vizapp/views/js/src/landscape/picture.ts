/** The picture of the map that the server makes; until a new one is there, the last one where it belongs now. */

import { h, isDark } from "../dom";
import type { Hub } from "../hub";
import { Question } from "../question";
import { untilPainted } from "../timing";
import type { LandscapeMessage, MapPictureMessage, PictureQuestion } from "./messages";
import type { MapView } from "./view";

/** The server makes no larger ones. */
const MOST_PIXELS = 1_200_000;
const FINEST = 2;

export class MapPicture {
  readonly canvas = h("canvas", { class: "raster", "aria-hidden": "true" });
  /** A picture has come: how many images are in it. */
  onShown: (shown: number) => void = () => {};
  /** The only class that is coloured. */
  of: number | null = null;
  private readonly question: Question<PictureQuestion>;
  private map: LandscapeMessage | null = null;
  private bitmap: ImageBitmap | null = null;
  private place: number[] = [];
  private turn = 0;
  private asked = "";
  private since = 0;

  constructor(
    hub: Hub,
    private readonly view: MapView,
  ) {
    this.question = new Question(hub, (wanted, seq) => ({ type: "map_picture", seq, ...wanted }));
    hub.on("map_picture", (message) => {
      this.question.answered();
      void this.take(message);
    });
    hub.on("map_waits", ({ question }) => {
      if (question !== "map_picture") return;
      this.asked = "";
      this.question.answered();
    });
  }

  /** Another map: pictures of the last one are of no use. */
  about(map: LandscapeMessage): void {
    this.map = map;
    this.bitmap = null;
    this.asked = "";
  }

  /** Draw what there is, and ask for what should be there; `colour` is what colours mean. */
  show(colour: string): void {
    this.draw();
    const { width, height } = this.view;
    if (!this.map || !width || !height) return;
    const finest = Math.min(window.devicePixelRatio || 1, FINEST, Math.sqrt(MOST_PIXELS / (width * height)));
    const size = { width: Math.max(1, Math.floor(width * finest)), height: Math.max(1, Math.floor(height * finest)) };
    const wanted: PictureQuestion = { ...this.view.range, ...size, theme: isDark() ? "dark" : "light", of: this.of };
    const key = JSON.stringify([colour, wanted]);
    if (key === this.asked) return;
    this.asked = key;
    this.since = performance.now();
    this.question.ask(wanted);
  }

  private async take(message: MapPictureMessage): Promise<void> {
    const { network, method, view, png, shown } = message;
    if (network !== this.map?.network || method !== this.map.method) return;
    const turn = ++this.turn;
    const bitmap = await createImageBitmap(new Blob([png.slice()], { type: "image/png" }));
    if (turn !== this.turn || network !== this.map?.network || method !== this.map.method) return bitmap.close();
    this.bitmap?.close();
    this.bitmap = bitmap;
    this.place = view;
    this.draw();
    // For tests and for whoever measures.
    this.canvas.dataset.shown = String(shown);
    this.canvas.dataset.colour = message.colour;
    if (!this.question.pending) untilPainted("vizapp:look-to-map", this.since);
    this.onShown(shown);
  }

  private draw(): void {
    const { canvas, view, bitmap } = this;
    const scale = window.devicePixelRatio || 1;
    const [width, height] = [Math.round(view.width * scale), Math.round(view.height * scale)];
    if (canvas.width !== width || canvas.height !== height) [canvas.width, canvas.height] = [width, height];
    const context = canvas.getContext("2d")!;
    context.clearRect(0, 0, width, height);
    if (!bitmap) return;
    const [x0, x1, y0, y1] = this.place;
    const [[left, top], [right, bottom]] = [view.px([x0, y1]), view.px([x1, y0])];
    context.drawImage(bitmap, left * scale, top * scale, (right - left) * scale, (bottom - top) * scale);
  }
}
