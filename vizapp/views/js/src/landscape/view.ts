/** Which part of the map is looked at: equal scales in x and y, y upwards. */

export type Place = [x: number, y: number];

/** Free around all images, as a share of the side. */
const MARGIN = 0.06;
const CLOSEST = 300;
const FURTHEST = 4;

export class MapView {
  width = 0;
  height = 0;
  private bounds = [0, 1, 0, 1];
  private centre: Place = [0, 0];
  /** Of the map, to a px. */
  private unit = 1;
  private moved = false;

  constructor(private readonly changed: () => void) {}

  /** Show all of `bounds`: x0, x1, y0, y1. */
  fit(bounds = this.bounds): void {
    const [x0, x1, y0, y1] = (this.bounds = bounds);
    this.moved = false;
    this.centre = [(x0 + x1) / 2, (y0 + y1) / 2];
    this.unit = this.fitting;
    if (this.width) this.changed();
  }

  resize(width: number, height: number): void {
    if (width === this.width && height === this.height) return;
    // What was in sight stays so.
    const scale = this.width ? this.width / (width || this.width) : 1;
    [this.width, this.height] = [width, height];
    if (!width || !height) return;
    if (this.moved) this.unit *= scale;
    else return this.fit();
    this.changed();
  }

  /** Larger by a factor, a px staying where it is. */
  zoom(factor: number, [px, py]: Place = [this.width / 2, this.height / 2]): void {
    const [x, y] = this.at([px, py]);
    const unit = Math.min(Math.max(this.unit / factor, this.fitting / CLOSEST), this.fitting * FURTHEST);
    const share = unit / this.unit;
    this.unit = unit;
    this.go([x + (this.centre[0] - x) * share, y + (this.centre[1] - y) * share]);
  }

  /** Take along by so many px. */
  pan(dx: number, dy: number): void {
    this.go([this.centre[0] - dx * this.unit, this.centre[1] + dy * this.unit]);
  }

  /** What is at a px. */
  at([px, py]: Place): Place {
    return [this.centre[0] + (px - this.width / 2) * this.unit, this.centre[1] - (py - this.height / 2) * this.unit];
  }

  /** The px of a place. */
  px([x, y]: ArrayLike<number> & Iterable<number>): Place {
    return [this.width / 2 + (x - this.centre[0]) / this.unit, this.height / 2 - (y - this.centre[1]) / this.unit];
  }

  get range(): { x0: number; x1: number; y0: number; y1: number } {
    const [[x0, y1], [x1, y0]] = [this.at([0, 0]), this.at([this.width, this.height])];
    return { x0, x1, y0, y1 };
  }

  private get fitting(): number {
    const [x0, x1, y0, y1] = this.bounds;
    return ((1 + 2 * MARGIN) * Math.max((x1 - x0) / (this.width || 1), (y1 - y0) / (this.height || 1))) || 1;
  }

  /** Not further away than where the last image is in the middle. */
  private go([x, y]: Place): void {
    const [x0, x1, y0, y1] = this.bounds;
    this.centre = [Math.min(Math.max(x, x0), x1), Math.min(Math.max(y, y0), y1)];
    this.moved = true;
    this.changed();
  }
}
