/** The one entry point of the bundle: an ESM component for each Python class of the same name. */

import * as actions from "./actions";
import * as answer from "./answer";
import * as batch from "./batch";
import { styled } from "./component";
import * as controls from "./controls";
import * as examples from "./examples";
import * as explaining from "./explaining";
import * as filters from "./filters";
import * as flat from "./flat";
import * as hesitation from "./hesitation";
import * as inspector from "./inspector";
import * as landscape from "./landscape";
import * as layers from "./layers";
import * as legend from "./legend";
import * as lens from "./lens";
import * as link from "./link";
import * as notices from "./notices";
import * as pad from "./pad";
import * as player from "./player";
import * as readout from "./readout";
import * as scene from "./scene";
import * as search from "./search";
import * as seen from "./seen";
import * as share from "./share";
import * as tables from "./tables";
import * as timeline from "./timeline";

export default {
  Actions: styled(actions.render),
  Answer: styled(answer.render),
  Batch: styled(batch.render),
  Control: styled(controls.render),
  Examples: styled(examples.render),
  Explaining: styled(explaining.render),
  Filters: styled(filters.render),
  Flat: styled(flat.render),
  Hesitation: styled(hesitation.render),
  Inspector: styled(inspector.render),
  Landscape: styled(landscape.render),
  Layers: styled(layers.render),
  Legend: styled(legend.render),
  Lens: styled(lens.render),
  Link: { render: link.render },
  Notices: styled(notices.render),
  Pad: styled(pad.render),
  Player: styled(player.render),
  Readout: styled(readout.render),
  Scene: styled(scene.render),
  Search: styled(search.render),
  Seen: styled(seen.render),
  Share: styled(share.render),
  Tables: styled(tables.render),
  Timeline: styled(timeline.render),
};
