"""A control made from one of the Explorer's parameters."""

from __future__ import annotations

import param

from vizapp.explorer import Explorer
from vizapp.views.component import Component


class Control(Component):
    """Options side by side for a Selector, a switch for a Boolean; label and help are the parameter's own."""

    parameter = param.Dict(doc="What the page needs to know of the parameter.")

    def __init__(self, explorer: Explorer, setting: str, **params: object) -> None:
        declared = explorer.param[setting]
        choice = isinstance(declared, param.Selector)
        described = {
            "name": setting,
            "kind": "choice" if choice else "switch",
            "label": declared.label,
            "doc": declared.doc,
            "options": list(declared.objects) if choice else [],
        }
        super().__init__(explorer, parameter=described, **params)
