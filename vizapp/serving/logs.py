"""The log: which session a line is about, and never what was drawn in it."""

from __future__ import annotations

import hashlib
import json
import logging
import sys
import time
from contextvars import ContextVar
from typing import Any

LONGEST = 2000
"""Characters of a message. A library may put what it received into one; a drawing is longer."""

_session: ContextVar[str | None] = ContextVar("session", default=None)


def configure(form: str, verbose: bool) -> None:
    """Log to stderr in the form "text" or "json".

    A host that asks for JSON wants to hear of sessions and logins, too.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Json() if form == "json" else Text())
    root = logging.getLogger()
    for logger in (root, *map(logging.getLogger, ("bokeh", "panel", "param", "tornado"))):
        for old in logger.handlers[:]:
            logger.removeHandler(old)
        logger.propagate = True
        # Panel's lets everything pass, two lines for each movement of the pen, and leaves it to its handler to choose.
        logger.setLevel(logging.NOTSET)
    root.addHandler(handler)
    root.setLevel(logging.INFO if verbose else logging.WARNING)
    # Bokeh's line for a message that it could not use has all of that message.
    logging.getLogger("bokeh.server.protocol_handler").addFilter(_without_contents)
    logging.getLogger("vizapp").setLevel(
        logging.DEBUG if verbose else logging.INFO if form == "json" else logging.WARNING
    )


def short(session_id: str) -> str:
    """A session's name in the log. Its real one opens it, so that is told to nobody."""
    return hashlib.sha256(session_id.encode("utf-8", "replace")).hexdigest()[:12]


def about(session_id: str) -> None:
    """From here on, in this task, lines are about this session."""
    _session.set(short(session_id))


def present() -> str | None:
    """The session that is being worked for: a page's callback knows it through its document."""
    panel = sys.modules.get("panel")
    document = panel.state.curdoc if panel is not None and hasattr(panel, "state") else None
    context = document.session_context if document is not None else None
    return short(context.id) if context is not None else _session.get()


class Text(logging.Formatter):
    """One line, the session's name before the message."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")

    def formatMessage(self, record: logging.LogRecord) -> str:
        session = getattr(record, "session", None) or present()
        record.message = _cut(record.message)
        if session:
            record.message = f"[{session}] {record.message}"
        return super().formatMessage(record)


class Json(logging.Formatter):
    """One JSON object a line: time, level, logger, message, session, traceback, and what `extra` gives in `data`."""

    def format(self, record: logging.LogRecord) -> str:
        moment = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
        line: dict[str, Any] = {
            "time": f"{moment}.{int(record.msecs):03d}Z",
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": _cut(record.getMessage()),
        }
        session = getattr(record, "session", None) or present()
        if session:
            line["session"] = session
        line.update(getattr(record, "data", {}))
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


def _without_contents(record: logging.LogRecord) -> bool:
    if isinstance(record.args, tuple):
        record.args = tuple(
            argument.msgtype if hasattr(argument, "msgtype") else argument for argument in record.args
        )
    return True


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}… ({len(text) - LONGEST} more)"


def access(handler: Any) -> None:
    """Tornado's access log: what was asked for, without what follows the question mark; probes only in detail."""
    status, request = handler.get_status(), handler.request
    quiet = status < 400 and request.path.endswith(("/healthz", "/readyz", "/metrics"))
    level = logging.ERROR if status >= 500 and status != 503 else logging.DEBUG if quiet else logging.INFO
    milliseconds = round(1000 * request.request_time(), 1)
    data = {"method": request.method, "path": request.path, "status": status, "milliseconds": milliseconds}
    log = logging.getLogger("vizapp.access")
    log.log(level, "%s %s %s %s ms", status, request.method, request.path, milliseconds, extra={"data": data})
