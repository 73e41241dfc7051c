"""Where it was before: see vizapp/state."""

from vizapp.state import StateError as StateError
from vizapp.state import dump_state as dump_state
from vizapp.state import load_state as load_state
from vizapp.state.document import MAX_CHARACTERS as MAX_CHARACTERS
