"""Logging in with a password, and out."""

from __future__ import annotations

import asyncio
import json
import logging
import secrets
from concurrent.futures import ThreadPoolExecutor
from html import escape
from math import ceil
from urllib.parse import parse_qsl, urlencode

from tornado.httputil import HTTPServerRequest
from tornado.web import HTTPError, create_signed_value, decode_signed_value

from vizapp.serving.gate import DAYS
from vizapp.serving.passwords import LONGEST, PasswordError, PasswordFile
from vizapp.serving.plain import Plain, plain_page
from vizapp.serving.throttle import Throttle
from vizapp.views.meters import REFUSED

log = logging.getLogger(__name__)

COOKIE = "vizapp-login"
MOST_AT_A_TIME = 8
"""Passwords that wait to be checked; one at a time is."""

_FORM = """<form method="post" action="login">
{alert}{xsrf}
<input type="hidden" name="next" value="{next}">
<label for="name">Name</label>
<input id="name" name="name" value="{name}" autocomplete="username" autocapitalize="none" spellcheck="false" required
 maxlength="64"{focus_name}>
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required
 maxlength="{longest}"{focus_password}>
<button>Log in</button>
</form>
<script>
// What follows the # is the drawing of a link. It never travels, so it has to be kept here.
document.forms[0].action += location.hash;
</script>"""


class Doorkeeper:
    """Knows the file, the cookies and how often it was tried. `prefix` is the server's."""

    def __init__(self, file: PasswordFile, secret: str, prefix: str) -> None:
        self._file, self._secret, self.path = file, secret, prefix or "/"
        # A class sits behind one address; a name is one person, who knows the password after some attempts.
        self._addresses = Throttle(rate=0.5, most=40)
        self._names = Throttle(rate=1 / 12, most=6)
        self._checking = ThreadPoolExecutor(1, "vizapp-password")
        self._waiting = 0
        self._left: dict[str, None] = {}

    def name_of(self, request: HTTPServerRequest) -> str | None:
        return self._known(request)[0]

    def login_of(self, request: HTTPServerRequest) -> str | None:
        """What tells this login from others of the same person."""
        return self._known(request)[1]

    def _known(self, request: HTTPServerRequest) -> tuple[str | None, str | None]:
        cookie = request.cookies.get(COOKIE)
        if cookie is None:
            return None, None
        content = decode_signed_value(self._secret, COOKIE, cookie.value, max_age_days=DAYS)
        try:
            name, mark, login = json.loads(content) if content else (None, None, None)
            if name is None or login in self._left or self._file.mark(name) != mark:
                return None, None
        except PasswordError as error:
            log.error("nobody can come in: %s", error)
            return None, None
        except (ValueError, TypeError):
            return None, None
        return name, login

    def wait(self, address: str, name: str) -> float:
        """Seconds until one more attempt is heard."""
        return max(self._addresses.wait(address), self._names.wait(name))

    async def fits(self, address: str, name: str, password: str) -> bool:
        """Raises OverflowError if too many are being checked, PasswordError if the file cannot be used."""
        if self._waiting >= MOST_AT_A_TIME:
            raise OverflowError
        # Beforehand, so that many attempts at once are not heard as one.
        self._addresses.spend(address)
        self._names.spend(name)
        self._waiting += 1
        try:
            loop = asyncio.get_running_loop()
            right = await loop.run_in_executor(self._checking, self._file.fits, name, password)
        finally:
            self._waiting -= 1
        if right:
            self._addresses.spend(address, -1)
            self._names.spend(name, -1)
        return right

    def cookie(self, name: str) -> bytes:
        content = json.dumps([name, self._file.mark(name), secrets.token_urlsafe(9)])
        return create_signed_value(self._secret, COOKIE, content)

    def leave(self, request: HTTPServerRequest) -> None:
        """The cookie of this request is worth nothing any more, should somebody have kept it."""
        login = self.login_of(request)
        if login is not None:
            self._left[login] = None
            while len(self._left) > 10_000:
                del self._left[next(iter(self._left))]


class Login(Plain):
    """The form, and what it sends."""

    def initialize(self, keeper: Doorkeeper) -> None:
        self._keeper = keeper
        # Of the cookie against forged forms.
        self.settings.setdefault(
            "xsrf_cookie_kwargs", {"httponly": True, "samesite": "Lax", "path": keeper.path}
        )

    def get(self) -> None:
        self._form()

    async def post(self) -> None:
        self.check_xsrf_cookie()
        name, password = (
            self.get_body_argument("name", ""),
            self.get_body_argument("password", "", strip=False),
        )
        if not name or len(name) > 64 or not 0 < len(password) <= LONGEST:
            raise HTTPError(400)
        address = self.request.remote_ip or ""
        wait = self._keeper.wait(address, name)
        if wait > 0:
            self._refuse(
                429, "too many attempts", f"Too many attempts. Try again in {ceil(wait)} seconds.", name
            )
            return
        try:
            right = await self._keeper.fits(address, name, password)
        except OverflowError:
            self._refuse(
                429, "too many attempts", "Too many people log in just now. Try again in a moment.", name
            )
            return
        if not right:
            self._refuse(401, "wrong password", "Name or password is wrong.", name)
            return
        log.info("logged in: %s", name, extra={"data": {"person": name, "address": address}})
        self.set_cookie(
            COOKIE,
            self._keeper.cookie(name),
            path=self._keeper.path,
            httponly=True,
            samesite="Lax",
            secure=self.request.protocol == "https",
            max_age=DAYS * 24 * 3600,
        )
        self.redirect("./" + _query(self.get_body_argument("next", "")), status=303)

    def _refuse(self, status: int, reason: str, sentence: str, name: str) -> None:
        REFUSED.labels(reason).inc()
        data = {"person": name, "address": self.request.remote_ip}
        log.warning(
            "login refused: %s, %r from %s", reason, name, self.request.remote_ip, extra={"data": data}
        )
        self.set_status(status)
        self._form(sentence, name)

    def _form(self, sentence: str = "", name: str = "") -> None:
        self.show(
            plain_page(
                _FORM.format(
                    alert=f'<p role="alert">{escape(sentence)}</p>' if sentence else "",
                    xsrf=self.xsrf_form_html(),
                    next=escape(self.get_argument("next", "")),
                    name=escape(name),
                    longest=LONGEST,
                    focus_name="" if name else " autofocus",
                    focus_password=" autofocus" if name else "",
                ),
                title="vizapp: log in",
            )
        )

    def write_error(self, status_code: int, **kwargs: object) -> None:
        if status_code == 403:
            self.say("This form is too old, or not from here. Go back and load the page again.")
        else:
            super().write_error(status_code, **kwargs)


class Logout(Plain):
    """Ends the login of this browser."""

    def initialize(self, keeper: Doorkeeper) -> None:
        self._keeper = keeper

    def get(self) -> None:
        self._keeper.leave(self.request)
        self.clear_cookie(COOKIE, path=self._keeper.path)
        self.show(plain_page('<p>You are logged out. <a href="login">Log in again</a></p>'))


def _query(address: str) -> str:
    """What follows the page in an address, if it is a query and nothing else, whatever was in the form."""
    try:
        fields = parse_qsl(address[:2000].partition("?")[2], keep_blank_values=True, max_num_fields=50)
    except ValueError:
        return ""
    return f"?{urlencode(fields)}" if fields else ""
