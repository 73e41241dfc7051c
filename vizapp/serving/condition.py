"""How the server is: whether it is ready, full, or about to end."""

from __future__ import annotations

from concurrent.futures import Future
from typing import TYPE_CHECKING

from bokeh.server.contexts import ApplicationContext
from bokeh.server.session import ServerSession

if TYPE_CHECKING:
    from vizapp.serving.socket import Socket


class Condition:
    """One for each process.

    Attributes:
        context: of the sessions of this process.
        most: sessions that there may be; None without a limit.
        warming: what is prepared in the background; done when nobody has to wait for it any more.
        draining: it will end, and takes nobody in.
        sockets: connections that are open.
    """

    def __init__(self, context: ApplicationContext, most: int | None = None) -> None:
        self.context, self.most = context, most
        self.warming: Future[None] | None = None
        self.draining = False
        self.sockets: set[Socket] = set()

    @property
    def sessions(self) -> int:
        """Those of open pages, and of pages that are on their way to a browser."""
        return len(self.context._sessions) + len(self.context._pending_sessions)

    @property
    def is_full(self) -> bool:
        return self.most is not None and self.sessions >= self.most

    def takes(self, session_id: str) -> bool:
        """Whether there is room for a page with this session, which may be there already."""
        known = session_id in self.context._sessions or session_id in self.context._pending_sessions
        return known or not (self.draining or self.is_full)

    async def discard(self, session: ServerSession) -> None:
        """End a session whose page is gone, without waiting for Bokeh's next round."""
        if session.id in self.context._sessions and session.connection_count == 0:
            await self.context._discard_session(session, lambda one: one.connection_count == 0)

    def unready(self) -> str | None:
        """Why no more people should be sent here; None if they may."""
        if self.draining:
            return "ending"
        if self.warming is None or not self.warming.done():
            return "preparing the raster of edges"
        if self.warming.exception() is not None:
            return "the raster of edges could not be prepared; the log says why"
        if self.is_full:
            return f"full: {self.sessions} of {self.most} sessions"
        return None
