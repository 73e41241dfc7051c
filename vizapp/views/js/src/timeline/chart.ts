/** A chart that stands beside the confidence curve. */

export interface SideChart {
  readonly element: HTMLElement;
  /** Its controls, for the bar above it. */
  readonly tools?: HTMLElement;
  /** It came into sight, or left it: what is out of sight asks for nothing and computes nothing. */
  shown(on: boolean): void;
}
