/** What all components share: their style sheet inside the shadow root that Bokeh gives them. */

import type { Props } from "./bokeh";
import text from "./panes.css";

type Render = (props: Props) => HTMLElement;

let sheet: CSSStyleSheet | null = null;

export function styled(render: Render): { render: Render } {
  return {
    render(props) {
      const root = props.el.getRootNode();
      if (!sheet) (sheet = new CSSStyleSheet()).replaceSync(text);
      if (root instanceof ShadowRoot && !root.adoptedStyleSheets.includes(sheet)) root.adoptedStyleSheets.push(sheet);
      return render(props);
    },
  };
}
