"""Who may come in: puts the gate, the login and the logout before everything else."""

from __future__ import annotations

import hashlib
import hmac
from pathlib import Path
from typing import Any

from bokeh.server.server import Server
from panel.config import config
from tornado.routing import Rule

from vizapp.serving.gate import DAYS, LOGIN, LOGOUT, Gate, Locked, Signed, Visitors
from vizapp.serving.login import Doorkeeper, Login, Logout
from vizapp.serving.options import Options
from vizapp.serving.passwords import PasswordFile
from vizapp.serving.plain import Plain, plain_page

OPEN_PATHS = (LOGIN, LOGOUT, "/healthz", "/readyz", "/favicon.ico")
_ERROR = Path(__file__).parent / "oauth_error.html"
_COOKIES = ("user", "id_token", "access_token", "refresh_token", "oauth_expiry", "is_guest")


def oauth_arguments(options: Options, secret: str) -> dict[str, Any]:
    """What Panel's server takes for a login through another site."""
    if options.oauth is None:
        return {}
    config.oauth_expiry = DAYS
    extra: dict[str, Any] = dict(options.oauth.extra)
    if "scope" in extra:
        # Panel wants a list, and would take a text apart letter by letter.
        extra["scope"] = extra["scope"].split()
    return {
        "oauth_provider": options.oauth.provider,
        "oauth_key": options.oauth.key,
        "oauth_secret": options.oauth.secret,
        "oauth_redirect_uri": options.oauth.redirect,
        "oauth_extra_params": extra,
        "oauth_error_template": str(_ERROR),
        "cookie_secret": _derived(secret, "oauth"),
        "cookie_path": options.prefix or "/",
        "login_endpoint": LOGIN,
        "logout_endpoint": LOGOUT,
    }


def rules(options: Options, server: Server, secret: str) -> list[Any]:
    """Handlers and the gate, to be asked before all others; none where everybody may come in.

    Raises:
        PasswordError: if the file of passwords cannot be used.
    """
    if not options.asks_for_login:
        return []
    prefix = server.prefix
    own: list[Any] = []
    visitors: Visitors
    if options.passwords is not None:
        file = PasswordFile(options.passwords)
        file.people()
        keeper = Doorkeeper(file, _derived(secret, "login"), prefix)
        visitors = keeper
        own = [
            (prefix + LOGIN, Login, {"keeper": keeper}),
            (prefix + LOGOUT, Logout, {"keeper": keeper}),
        ]
    else:
        visitors = Signed(_derived(secret, "oauth"))
        own = [(prefix + LOGOUT, Forget, {"path": prefix or "/"})]
    open_paths = ["/healthz", "/readyz", *(prefix + path for path in OPEN_PATHS)]
    gate = Gate(visitors, prefix, open_paths, options.users, elsewhere=options.oauth is not None)
    return [Rule(gate, Locked), *own]


class Forget(Plain):
    """Logging out here. The other site goes on knowing who it is."""

    def initialize(self, path: str) -> None:
        self._path = path

    def get(self) -> None:
        for name in _COOKIES:
            self.clear_cookie(name, path=self._path)
        self.show(plain_page('<p>You are logged out here. <a href="login">Log in again</a></p>'))


def _derived(secret: str, purpose: str) -> str:
    """A key of its own for each purpose, from the one that the operator keeps."""
    return hmac.new(secret.encode(), f"vizapp {purpose}".encode(), hashlib.sha256).hexdigest()
