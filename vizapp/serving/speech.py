"""Bokeh's protocol, without its long way for what is told most often."""

from __future__ import annotations

from typing import Any

from bokeh.core.serialization import Serializer
from bokeh.document.events import MessageSentEvent
from bokeh.document.json import PatchJson
from bokeh.protocol import Protocol
from bokeh.protocol.message import Message
from bokeh.protocol.messages.patch_doc import patch_doc


class Speech(Protocol):
    """Bokeh's looks at all models of the document for each message; what a Link tells names one, which is known."""

    def create(self, msgtype: Any, *args: Any, **kwargs: Any) -> Message[Any]:
        if msgtype == "PATCH-DOC" and len(args) == 1 and all(map(_is_told, args[0])):
            return _told(args[0])
        message: Message[Any] = super().create(msgtype, *args, **kwargs)
        return message


def _is_told(event: object) -> bool:
    return (
        isinstance(event, MessageSentEvent)
        and getattr(event.msg_data, "model", None) is not None
        # A model that was added later is not known yet.
        and not event.document.models._new_models
    )


def _told(events: list[Any]) -> Message[Any]:
    serializer = Serializer(references={event.msg_data.model for event in events})
    message = patch_doc(patch_doc.create_header(), {}, PatchJson(events=serializer.encode(events)))
    message.add_buffers(*serializer.buffers)
    return message
