"""How single values are written in documents and links, and what they must be to be believed.

What a value may be is declared once, with the Explorer's parameter or by the network: a codec asks them.
"""

from __future__ import annotations

import json
import math
from typing import Any, NamedTuple

import param

from vizapp.nets.network import Network

Schema = dict[str, Any]
_NAMED = 12
"""Names that a message lists."""
_MOST = 1000
"""Of a position on any axis."""


class StateError(ValueError):
    """A state that cannot be used; the message is one sentence for the person, and says what to do."""


class Unfit(ValueError):
    """A value that cannot be used; the message says what it must be: "one of: a, b"."""


class Place(NamedTuple):
    """What a value belongs to: the Explorer's parameter, and the network of the state that it is part of."""

    parameter: param.Parameter
    net: Network


class Codec:
    """A value that JSON knows already. Every other codec checks what it is given."""

    def to_json(self, value: Any) -> Any:
        """For a document."""
        return value

    def from_json(self, raw: Any, place: Place) -> Any:
        """The Explorer's value. Raises Unfit, or StateError with a sentence of its own."""
        raise NotImplementedError

    def pack(self, value: Any) -> bytes:
        """For a link."""
        return json.dumps(self.to_json(value), separators=(",", ":")).encode()

    def unpack(self, data: bytes, place: Place) -> Any:
        """Raises Unfit, or StateError."""
        try:
            raw = json.loads(data)
        except (ValueError, RecursionError):
            raise Unfit("readable") from None
        return self.from_json(raw, place)

    def schema(self, parameter: param.Parameter) -> Schema:
        """JSON Schema of what `to_json` writes, as far as it does not depend on the network."""
        raise NotImplementedError


class Flag(Codec):
    """Yes or no."""

    def from_json(self, raw: Any, place: Place) -> bool:
        if not isinstance(raw, bool):
            raise Unfit("true or false")
        return raw

    def schema(self, parameter: param.Parameter) -> Schema:
        return {"type": "boolean"}


class Choice(Codec):
    """One of the parameter's options. They are written by name: an option may move, not be renamed."""

    def from_json(self, raw: Any, place: Place) -> Any:
        options = list(place.parameter.objects)
        if not (raw is None or isinstance(raw, str)) or raw not in options:
            raise Unfit(f"one of: {', '.join('null' if name is None else name for name in options)}")
        return raw

    def schema(self, parameter: param.Parameter) -> Schema:
        return {"enum": list(parameter.objects)}


class Whole(Codec):
    """A whole number between the parameter's bounds, or none where it allows that."""

    def from_json(self, raw: Any, place: Place) -> int | None:
        low, high = place.parameter.bounds
        if raw is None and place.parameter.allow_None:
            return None
        if isinstance(raw, bool) or not isinstance(raw, int) or not low <= raw <= high:
            or_none = ", or null" if place.parameter.allow_None else ""
            raise Unfit(f"a whole number from {low} to {high}{or_none}")
        return raw

    def schema(self, parameter: param.Parameter) -> Schema:
        low, high = parameter.bounds
        kind = ["integer", "null"] if parameter.allow_None else "integer"
        return {"type": kind, "minimum": low, "maximum": high}


class Share(Codec):
    """A number between the parameter's bounds."""

    def from_json(self, raw: Any, place: Place) -> float:
        low, high = place.parameter.bounds
        number = isinstance(raw, (int, float)) and not isinstance(raw, bool)
        if not number or not low <= raw <= high or not math.isfinite(raw):
            raise Unfit(f"a number from {low:g} to {high:g}")
        return float(raw)

    def schema(self, parameter: param.Parameter) -> Schema:
        low, high = parameter.bounds
        return {"type": "number", "minimum": low, "maximum": high}


class Real(Codec):
    """Any number that is one, or none."""

    def from_json(self, raw: Any, place: Place) -> float | None:
        if raw is None:
            return None
        if not isinstance(raw, (int, float)) or isinstance(raw, bool) or not abs(raw) <= _MOST:
            raise Unfit(f"null or a number from {-_MOST} to {_MOST}")
        return float(raw)

    def schema(self, parameter: param.Parameter) -> Schema:
        return {"type": ["number", "null"], "minimum": -_MOST, "maximum": _MOST}


class TargetLayer(Codec):
    """The name of a layer that edges end in, or the words for all of them."""

    def __init__(self, everything: str) -> None:
        self.everything = everything

    def from_json(self, raw: Any, place: Place) -> str:
        options = [self.everything, *(layer.name for layer in place.net.layers[1:])]
        if not isinstance(raw, str) or raw not in options:
            raise Unfit(f"one of: {', '.join(options)}")
        return raw

    def schema(self, parameter: param.Parameter) -> Schema:
        return {"type": "string", "description": f'A layer of the network, or "{self.everything}".'}


class Names(Codec):
    """A list of names, each of them once."""

    def options(self, place: Place) -> list[str]:
        """What may be named."""
        raise NotImplementedError

    def from_json(self, raw: Any, place: Place) -> list[str]:
        options = self.options(place)
        if (
            not isinstance(raw, list)
            or len(raw) > len(options)
            or any(not isinstance(name, str) or name not in options for name in raw)
            or len(set(raw)) < len(raw)
        ):
            more = ", …" if len(options) > _NAMED else ""
            raise Unfit(f"a list of some of: {', '.join(options[:_NAMED])}{more}")
        return list(raw)

    def schema(self, parameter: param.Parameter) -> Schema:
        return {"type": "array", "items": {"type": "string"}, "uniqueItems": True}


class LayerNames(Names):
    """Layers of the network."""

    def options(self, place: Place) -> list[str]:
        return [layer.name for layer in place.net.layers]


class Fixed(Names):
    """Some of names that the parameter declares."""

    def options(self, place: Place) -> list[str]:
        return list(place.parameter.objects)

    def schema(self, parameter: param.Parameter) -> Schema:
        return super().schema(parameter) | {"items": {"enum": list(parameter.objects)}}
