"""Logging in through another site: a small OpenID Connect provider on this machine, and Panel's own client of it."""

from __future__ import annotations

import asyncio
import base64
import json
import re
import threading
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from served import Served
from tornado.httpserver import HTTPServer
from tornado.testing import bind_unused_port
from tornado.web import Application, RequestHandler

from tests.serving.test_limits import free_port
from tests.serving.web import Answer, Visitor

SECRET = "the secret of the client"


class Provider:
    """Lets in whoever `person` is, without asking."""

    person = "alice@example.org"

    def __init__(self) -> None:
        provider = self
        self.codes: list[str] = []

        class Authorize(RequestHandler):
            def get(self) -> None:
                code = f"code{len(provider.codes)}"
                provider.codes.append(code)
                back = {"code": code, "state": self.get_argument("state")}
                self.redirect(f"{self.get_argument('redirect_uri')}?{urlencode(back)}")

        class Token(RequestHandler):
            def post(self) -> None:
                if (
                    self.get_argument("client_secret") != SECRET
                    or self.get_argument("code") not in provider.codes
                ):
                    self.set_status(401)
                    self.write({"error": "invalid_client"})
                    return
                part = base64.urlsafe_b64encode(json.dumps({"email": provider.person}).encode()).decode()
                token = f"e30.{part.rstrip('=')}.x"
                self.write({"access_token": "secret-access", "id_token": token, "token_type": "Bearer"})

        self._app = Application([("/authorize", Authorize), ("/token", Token)])
        self._ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), daemon=True)
        self._thread.start()
        assert self._ready.wait(60)

    async def _serve(self) -> None:
        self._loop, self._end = asyncio.get_running_loop(), asyncio.Event()
        socket, self.port = bind_unused_port()
        server = HTTPServer(self._app)
        server.add_sockets([socket])
        self._ready.set()
        await self._end.wait()
        server.stop()

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._end.set)
        self._thread.join()


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    made = Provider()
    yield made
    made.close()


@pytest.fixture(scope="module", params=["", "/viz"])
def served(
    request: pytest.FixtureRequest, provider: Provider, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    where = f"http://127.0.0.1:{provider.port}"
    extra = {"AUTHORIZE_URL": f"{where}/authorize", "TOKEN_URL": f"{where}/token"}
    extra["scope"] = "openid email"
    port = free_port()
    secret = tmp_path_factory.mktemp("oauth") / "secret"
    secret.write_text(f"{SECRET}\n")
    arguments = ["--oauth-provider", "generic", "--oauth-key", "vizapp", "--allow-user", "*@example.org"]
    arguments += ["--oauth-extra-params", json.dumps(extra), "--prefix", request.param, "--port", str(port)]
    arguments += ["--oauth-redirect-uri", f"http://127.0.0.1:{port}{request.param}/login"]
    log = tmp_path_factory.mktemp("served") / "log"
    with Served(log, *arguments, environment={"VIZAPP_OAUTH_SECRET_FILE": str(secret)}) as server:
        yield server


def follow(visitor: Visitor, answer: Answer, at: str) -> Answer:
    """As a browser does, at most ten times."""
    from urllib.parse import urljoin

    for _ in range(10):
        leads = re.search(r'<a href="(login[^"]*)">Log in</a>', answer.text) if answer.status == 200 else None
        if answer.status not in (302, 303) and leads is None:
            return answer
        at = urljoin(at, unescape(leads[1]) if leads else answer.headers["location"])
        answer = visitor.ask(at)
    raise AssertionError("it goes round in circles")


def test_who_is_known_there_comes_in_and_leaves(served: Served, provider: Provider) -> None:
    visitor = Visitor(served.url)
    assert visitor.ask("static/js/bokeh.min.js").status == 401
    page = follow(visitor, visitor.ask("?embed=pad"), served.url + "?embed=pad")
    assert page.status == 200, page.text
    assert '"token":"' in page.text
    assert visitor.ask("static/js/bokeh.min.js").status == 200
    assert "You are logged out here" in visitor.ask("logout").text
    assert visitor.ask("static/js/bokeh.min.js").status == 401
    assert SECRET not in served.log
    assert "secret-access" not in served.log


def test_a_page_that_asks_whether_it_may_come_back_is_led_to_the_login(served: Served) -> None:
    answer = Visitor(served.url).ask(method="HEAD")
    assert (answer.status, answer.headers["location"]) == (302, "login")


def test_who_is_not_allowed_stays_outside(served: Served, provider: Provider) -> None:
    visitor = Visitor(served.url)
    provider.person = "mallory@elsewhere.example"
    try:
        page = follow(visitor, visitor.ask(), served.url)
    finally:
        provider.person = "alice@example.org"
    assert page.status == 403
    assert "nobody has allowed you" in page.text


def test_an_answer_that_nobody_asked_for_is_refused(served: Served) -> None:
    answer = Visitor(served.url).ask("login?code=code0&state=forged")
    assert answer.status != 200 or "The login did not work" in answer.text
    assert '"token":"' not in answer.text


def test_the_request_names_the_client_and_keeps_its_secret(served: Served, provider: Provider) -> None:
    visitor = Visitor(served.url)
    first = visitor.ask("login")
    assert first.status == 302
    asked = urlsplit(first.headers["location"])
    assert asked.port == provider.port
    assert parse_qs(asked.query)["client_id"] == ["vizapp"]
    assert "secret" not in asked.query
    assert parse_qs(asked.query)["scope"] == ["openid email"]
    assert parse_qs(asked.query)["state"][0]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--oauth-provider", "generic"), "--oauth-key"),
        (("--oauth-provider", "generic", "--oauth-key", "x"), "VIZAPP_OAUTH_SECRET"),
        (("--oauth-provider", "google", "--oauth-key", "x"), "VIZAPP_OAUTH_SECRET"),
        (("--oauth-provider", "generic", "--passwords", "people"), "not both"),
    ],
)
def test_what_is_missing_is_told(arguments: tuple[str, ...], words: str) -> None:
    from tests.test_server import vizapp

    outcome = vizapp("serve", "--no-browser", "--port", "0", *arguments)
    assert outcome.returncode == 2
    assert words in outcome.stderr
    assert outcome.stderr.count("\n") == 1


def test_everybody_of_a_large_site_is_not_let_in_by_oversight(tmp_path: Path) -> None:
    from tests.test_server import vizapp

    arguments = ("--oauth-provider", "github", "--oauth-key", "x")
    outcome = vizapp("serve", "--no-browser", "--port", "0", *arguments, VIZAPP_OAUTH_SECRET="x")
    assert outcome.returncode == 2
    assert "--allow-user" in outcome.stderr
