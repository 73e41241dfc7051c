/** What all components share: their style sheet inside the shadow root that Bokeh gives them. */

import type { Props } from "./bokeh";
import inspector from "./inspector.css";
import panes from "./panes.css";
import player from "./player.css";
import search from "./search.css";
import share from "./share.css";

/** Of all components. */
export const STYLES = [panes, inspector, player, search, share].join("\n");

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
