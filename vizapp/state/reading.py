"""From something that was given, by whomever, to the values of a whole state."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import TYPE_CHECKING, Any

from vizapp import nets
from vizapp.state.codecs import Place, StateError, Unfit
from vizapp.state.table import REQUIRED, TABLE, Entry

if TYPE_CHECKING:
    from vizapp.explorer import Explorer


def whole_state(
    explorer: Explorer, given: Collection[str], read: Callable[[Entry, Place], Any], what: str, advice: str
) -> dict[str, Any]:
    """All values of the table, checked: name → value. The explorer only says what its parameters allow.

    given: names of the entries that are there; the others mean what their absence means.
    what, advice: what is being read, and what can be done if it is of no use, for the message.

    Raises:
        StateError: if anything in it cannot be used.
    """
    values: dict[str, Any] = {}
    net = explorer.net
    for entry in TABLE:
        place = Place(explorer.param[entry.name], net)
        try:
            if entry.name in given:
                values[entry.name] = read(entry, place)
            elif entry.absent is REQUIRED:
                raise Unfit("there")
            else:
                values[entry.name] = entry.codec.from_json(entry.absent, place)
        except Unfit as needed:
            raise StateError(
                f'{what} cannot be used: its "{entry.name}" must be {needed}. {advice}'
            ) from None
        if entry.name == "network":
            net = nets.load(values["network"])
    return values
