/** The one entry point of the bundle: an ESM component for each Python class of the same name. */

import * as answer from "./answer";
import { styled } from "./component";
import * as controls from "./controls";
import * as examples from "./examples";
import * as filters from "./filters";
import * as flat from "./flat";
import * as layers from "./layers";
import * as legend from "./legend";
import * as lens from "./lens";
import * as link from "./link";
import * as notices from "./notices";
import * as pad from "./pad";
import * as readout from "./readout";
import * as scene from "./scene";
import * as seen from "./seen";

export default {
  Answer: styled(answer.render),
  Control: styled(controls.render),
  Examples: styled(examples.render),
  Filters: styled(filters.render),
  Flat: styled(flat.render),
  Layers: styled(layers.render),
  Legend: styled(legend.render),
  Lens: styled(lens.render),
  Link: { render: link.render },
  Notices: styled(notices.render),
  Pad: styled(pad.render),
  Readout: styled(readout.render),
  Scene: styled(scene.render),
  Seen: styled(seen.render),
};
