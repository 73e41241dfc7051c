"""Nothing is answered to those who have not logged in, whichever handler it would be: the router itself asks."""

from __future__ import annotations

import fnmatch
import logging
from collections.abc import Iterable
from html import escape
from typing import Any, Protocol
from urllib.parse import urlencode

from tornado.httputil import HTTPServerRequest
from tornado.routing import Matcher
from tornado.web import decode_signed_value

from vizapp.serving.plain import Plain, plain_page
from vizapp.views.meters import REFUSED

log = logging.getLogger(__name__)

LOGIN, LOGOUT = "/login", "/logout"
DAYS = 1
"""After which a person logs in again."""
_LEAVE = """<p><a href="{login}">Log in</a></p>
<noscript><meta http-equiv="refresh" content="0; url={login}"></noscript>
<script>
// What follows the # is the drawing of a link. It never travels, and another site's form loses it: this tab keeps it.
try { if (location.hash) sessionStorage.setItem("vizapp:link", location.hash); } catch { /* forbidden */ }
location.replace(document.querySelector("a").href);
</script>"""


class Visitors(Protocol):
    """Tells who somebody is by what their request carries."""

    def name_of(self, request: HTTPServerRequest) -> str | None:
        """None for one who is not known."""


class Gate(Matcher):
    """Matches what must not pass: anything but `open_paths` by one who is not known, or not among `users`.

    `users` are names, or patterns as *@example.org; none means that all who are known may come in. `elsewhere` is true
    where people log in at another site.
    """

    def __init__(
        self,
        visitors: Visitors,
        prefix: str,
        open_paths: Iterable[str],
        users: Iterable[str] = (),
        elsewhere: bool = False,
    ) -> None:
        self._visitors, self._prefix, self._elsewhere = visitors, prefix, elsewhere
        self._open, self._users = frozenset(open_paths), tuple(users)

    def match(self, request: HTTPServerRequest) -> dict[str, Any] | None:
        if request.path in self._open:
            return None
        name = self._visitors.name_of(request)
        allowed = not self._users or any(fnmatch.fnmatchcase(name or "", pattern) for pattern in self._users)
        if name is not None and allowed:
            return None
        return {"target_kwargs": {"name": name, "prefix": self._prefix, "elsewhere": self._elsewhere}}


class Locked(Plain):
    """What is answered at the gate: the page leads to the login, everything else is refused."""

    def initialize(self, name: str | None, prefix: str, elsewhere: bool) -> None:
        self._name, self._prefix, self._elsewhere = name, prefix, elsewhere

    def prepare(self) -> None:
        request = self.request
        REFUSED.labels("not logged in" if self._name is None else "not allowed").inc()
        is_page = (
            request.path in (self._prefix or "/", f"{self._prefix}/") and "Upgrade" not in request.headers
        )
        if self._name is not None:
            log.warning("refused: %r has no permission", self._name)
            self.set_status(403)
            self.say(
                "You are logged in, but nobody has allowed you to come in here. Ask whoever runs this server."
            )
        elif is_page and request.method in ("GET", "HEAD"):
            # Relative, for proxies that take the prefix off.
            here = "" if request.path.endswith("/") else f"{request.path.rpartition('/')[2]}/"
            query = f"?{urlencode({'next': request.uri})}" if request.query else ""
            login = f"{here}{LOGIN[1:]}{query}"
            if self._elsewhere and request.method == "GET":
                self.show(plain_page(_LEAVE.replace("{login}", escape(login))))
            else:
                self.set_header("Cache-Control", "no-store")
                self.redirect(login, status=302)
        else:
            self.set_status(401)
            self.write_error(401)


class Signed:
    """Those who bring Panel's own cookie of somebody who logged in through another site."""

    def __init__(self, secret: str) -> None:
        self._secret = secret

    def name_of(self, request: HTTPServerRequest) -> str | None:
        cookie = request.cookies.get("user")
        if cookie is None:
            return None
        name = decode_signed_value(self._secret, "user", cookie.value, max_age_days=DAYS)
        return name.decode("utf-8", "replace") if name else None
