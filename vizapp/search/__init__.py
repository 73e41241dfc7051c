"""Finding nodes by words: by name, by strength, by what they say. Typed as one thinks, so the grammar is lenient.

    query = part {"and" part}
    part  = place | rank | "selected" | digit
    place = ["layer"] layer ["map" n] [row column] | ["layer"] layer ["unit"] n
    rank  = [n] ("strongest" | "weakest" | "silent" | "active" | "say" digit | "against" digit) [n] ["in" place]

`layer` is a layer's name, or the beginning of one or several. Case, punctuation and small words ("the", "nodes",
"that") do not matter; words have synonyms and may be cut short. Maps and units are counted from one, rows and columns
from zero, outputs are called by their digit: as `Network.node_name` does.
"""

from vizapp.search.query import LONGEST as LONGEST
from vizapp.search.query import MOST as MOST
from vizapp.search.query import Found as Found
from vizapp.search.query import Result as Result
from vizapp.search.query import search as search
from vizapp.search.query import suggestions as suggestions
