/** What all components share: their style sheet inside the shadow root that Bokeh gives them. */

import type { Props } from "./bokeh";
import batch from "./batch.css";
import crossing from "./crossing.css";
import explaining from "./explaining.css";
import hesitation from "./hesitation.css";
import inspector from "./inspector.css";
import landscape from "./landscape.css";
import nodes from "./nodes.css";
import panes from "./panes.css";
import player from "./player.css";
import search from "./search.css";
import share from "./share.css";
import timeline from "./timeline.css";

/** Of all components. */
export const STYLES = [panes, batch, crossing, explaining, hesitation, inspector, landscape, nodes, player, search, share, timeline].join("\n");

type Render = (props: Props) => HTMLElement;

let sheet: CSSStyleSheet | null = null;

export function styled(render: Render): { render: Render } {
  return {
    render(props) {
      const root = props.el.getRootNode();
      if (!sheet) (sheet = new CSSStyleSheet()).replaceSync(STYLES);
      if (root instanceof ShadowRoot && !root.adoptedStyleSheets.includes(sheet)) root.adoptedStyleSheets.push(sheet);
      return render(props);
    },
  };
}
