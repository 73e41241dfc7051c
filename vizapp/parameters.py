"""What a session's state consists of, parameter by parameter: what each may be, and what people are told of it."""

from __future__ import annotations

import param

from vizapp import nets
from vizapp.analysis.conformal import ALPHAS
from vizapp.analysis.lenses import LENSES
from vizapp.analysis.ranges import RANGES
from vizapp.inputs.morphs import WAYS
from vizapp.nets.trace import Trace
from vizapp.state.drawing import Drawing
from vizapp.state.table import ALL_LAYERS, LOCKABLE

SCALES = ("layer", "map", "network")
PANES = ("both", "flat", "3D")
WALKS = ("forward",)
MAX_PINS = 6
SWEEPS = ("morph", "hand", *RANGES)
COVERAGES = {f"{100 * (1 - alpha):g} %": alpha for alpha in ALPHAS}
"""What prediction sets promise, in words, and the level α of each."""


class Parameters(param.Parameterized):
    """Declarations only; what follows from what is the `Explorer`'s."""

    network = param.Selector(default="cnn", objects=list(nets.names()), doc="Which network answers.")
    drawing = param.ClassSelector(class_=Drawing, default=Drawing(), doc="What is on the pad.")
    normalise = param.Boolean(
        default=True,
        label="Fit and centre",
        doc="Scale the drawing to 20×20 pixels and centre its mass, as MNIST's digits were. Off: as it is drawn.",
    )
    scale = param.Selector(
        default="layer",
        objects=list(SCALES),
        label="Colours per",
        doc="What shares one colour scale: every layer its own, every feature map its own, or one for all.",
    )
    panes = param.Selector(
        default="both", objects=list(PANES), label="Show", doc="Which views of the network."
    )
    lens = param.Selector(
        default="contribution", objects=list(LENSES), label="Edges show", doc="What an edge shows."
    )
    for_class = param.Integer(
        default=None,
        bounds=(0, 9),
        allow_None=True,
        label="Class",
        doc="Evidence for it; none: the first guess.",
    )
    against_class = param.Integer(
        default=None, bounds=(0, 9), allow_None=True, label="Against", doc="None: the second guess."
    )
    transfer = param.Selector(
        default="equalised",
        objects=["equalised", "square root", "logarithm", "linear"],
        label="Tones",
        doc="How sums become tones: by their rank, or along a curve from nothing to the greatest.",
    )
    into = param.Selector(
        default=ALL_LAYERS, objects=[ALL_LAYERS], label="Edges into", doc="Only edges that end in this layer."
    )
    sign = param.Selector(
        default="both",
        objects=["both", "positive", "negative"],
        label="Sign",
        doc="Only edges of one sign of weight.",
    )
    strongest = param.Integer(
        default=0,
        bounds=(0, 20_000),
        label="Strongest",
        doc="Only so many edges of the greatest value; 0: all.",
    )
    touching = param.Boolean(
        default=False, label="Touching the selection", doc="Only edges that start or end in a selected node."
    )
    tracing = param.Boolean(
        default=False,
        label="Trace back",
        doc="Of the selected node show only the paths that carry most of its value, down to the pixels.",
    )
    kept = param.Number(
        default=0.8,
        bounds=(0.5, 0.99),
        label="Kept",
        doc="Share of the evidence that the traced paths carry.",
    )
    hidden = param.List(default=[], item_type=str, doc="Names of the layers that are not shown.")
    focus = param.Integer(default=None, allow_None=True, doc="The node the pointer is on.")
    selection = param.List(default=[], item_type=int, doc="Selected nodes, the primary one first.")
    pins = param.List(
        default=[], item_type=int, bounds=(0, MAX_PINS), doc="Nodes that are compared side by side."
    )
    reference = param.ClassSelector(
        class_=Drawing, default=None, allow_None=True, doc="A drawing that the present one is compared with."
    )
    difference = param.Boolean(
        default=False,
        label="Difference",
        doc="Views show the present activations minus those of the reference drawing.",
    )
    walk = param.Selector(
        default=None,
        objects=[None, *WALKS],
        allow_None=True,
        doc="What is being walked through, if anything.",
    )
    walk_node = param.Integer(
        default=None, allow_None=True, doc="The node that the walk leads to; none: the answer."
    )
    step = param.Integer(default=0, bounds=(0, 999), doc="Where on the walk.")
    sweep = param.Selector(
        default=None,
        objects=[None, *SWEEPS],
        allow_None=True,
        doc="What is on the timeline: a morph between two drawings, a way drawn by hand, or a range.",
    )
    start = param.ClassSelector(
        class_=Drawing, default=None, allow_None=True, doc="The drawing that a morph starts from."
    )
    end = param.ClassSelector(
        class_=Drawing, default=None, allow_None=True, doc="The drawing that a morph ends in."
    )
    way = param.Selector(
        default="strokes", objects=list(WAYS), label="Way", doc="The way of the morph that the cursor is on."
    )
    ways = param.ListSelector(
        default=list(WAYS), objects=list(WAYS), label="Ways", doc="Ways of the morph that are drawn together."
    )
    cursor = param.Number(
        default=None,
        allow_None=True,
        doc="Position on the timeline, in the unit of its axis; none: the drawing is not on it.",
    )
    overlay = param.Boolean(
        default=False, label="Both networks", doc="The other network's answers to the same inputs, too."
    )
    crossed = param.Selector(
        default=None,
        objects=[None, "way", *RANGES],
        allow_None=True,
        doc="What the sweep is crossed with, for a map.",
    )
    across = param.Number(
        default=None, allow_None=True, doc="Position on the axis that the sweep is crossed with."
    )
    chart = param.Selector(
        default="read-outs",
        objects=["read-outs", "selected nodes", "all nodes", "deciding nodes", "active nodes", "map"],
        label="Chart",
        doc="What is drawn beside the confidence curve.",
    )
    aside = param.Selector(
        default="node",
        objects=["node", "hesitation", "map"],
        label="Aside",
        doc="What the right column shows: a node, why the network hesitates, or the map of the test images.",
    )
    coverage = param.Selector(
        default="99.8 %",
        objects=list(COVERAGES),
        label="Coverage",
        doc="Share of true classes that prediction sets are to hold.",
    )
    pad_shows = param.Selector(
        default="drawing",
        objects=[
            "drawing",
            "lrp",
            "gradient",
            "integrated",
            "occlusion",
            "flip",
            "deconvolution",
        ],
        label="On the pad",
        doc="What is laid over the drawing: where the answer comes from, what would change it, what a node sees.",
    )
    projection = param.Selector(
        default="pca", objects=["pca", "lda"], label="Projection", doc="How the test images are laid out."
    )
    map_colour = param.Selector(
        default="class",
        objects=["class", "entropy", "margin", "error"],
        label="Colour",
        doc="What the colour of a test image on the map says.",
    )
    locked = param.ListSelector(
        default=[], objects=list(LOCKABLE), doc="Parameters that the page may not change; see `by_person`."
    )
    trace = param.ClassSelector(class_=Trace, constant=True, doc="The present answer, one row.")
    image = param.Array(constant=True, doc="What the network sees, float32[28, 28].")
