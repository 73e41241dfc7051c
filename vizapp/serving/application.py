"""What makes a document for each session, and fails without telling the visitor how."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial

from bokeh.application.application import SessionContext
from bokeh.document import Document
from panel.io.application import Application, _eval_panel
from panel.io.handlers import FunctionHandler
from panel.template.base import BaseTemplate

from vizapp.serving.logs import short
from vizapp.serving.metrics import SESSIONS_CLOSED, SESSIONS_OPENED

log = logging.getLogger(__name__)


class PageHandler(FunctionHandler):
    """Panel's handler puts the traceback of a failure into the page; this one raises it, into the log."""

    _func: Callable[[Document], object]

    def modify_document(self, doc: Document) -> None:
        failures: list[Exception] = []
        build = self._func

        def attempt(document: Document) -> None:
            try:
                build(document)
            except Exception as error:
                failures.append(error)

        self._func = attempt
        try:
            # The page has many roots: what they refer to is gathered once, and not again after each.
            with doc.models.freeze():
                super().modify_document(doc)
        finally:
            self._func = build
        if failures:
            raise failures[0]

    async def on_session_created(self, session_context: SessionContext) -> None:
        SESSIONS_OPENED.inc()
        log.info("opened", extra={"session": short(session_context.id)})
        await super().on_session_created(session_context)

    async def on_session_destroyed(self, session_context: SessionContext) -> None:
        SESSIONS_CLOSED.inc()
        log.info("closed", extra={"session": short(session_context.id)})
        await super().on_session_destroyed(session_context)


def application(page: Callable[[], BaseTemplate]) -> Application:
    """Serves what `page` returns, built anew for each session."""
    # Panel calls functions only, and would show any other callable as a text.
    return Application(PageHandler(partial(_eval_panel, lambda: page(), None, "vizapp", True, False)))
