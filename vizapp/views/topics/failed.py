"""Work beside the event loop that failed: nobody who waits for it is left without a word."""

from __future__ import annotations

import logging

from vizapp.inputs import InputError
from vizapp.views import wire
from vizapp.views.meters import FAILED
from vizapp.views.topics.topic import Line
from vizapp.views.work import TooMuchError

log = logging.getLogger(__name__)


def failed(line: Line, what: str, error: BaseException) -> None:
    """Tell the page; what nobody expected also goes into the log, with `what` it was."""
    if isinstance(error, (InputError, TooMuchError)):
        line.tell(wire.notice_message(str(error)))
        return
    log.error("%s failed", what, exc_info=error)
    FAILED.inc()
    line.tell(wire.notice_message(f"{what[0].upper()}{what[1:]} could not be made; the drawing is unharmed."))
