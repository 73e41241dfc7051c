"""Nobody gets anything without a login, whichever way they ask; and logins end."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from served import Served
from tornado.httpclient import HTTPClientError

from tests.serving.person import joined, visiting
from tests.serving.web import Visitor
from vizapp.serving.passwords import PasswordFile

PATHS = [
    "ws",
    "metadata",
    "autoload.js?bokeh-autoload-element=1",
    "static/js/bokeh.min.js",
    "static/extensions/panel/panel.min.js",
    "components/vizapp.views.component/Component/_bundle_path/dist/vizapp.js",
    "metrics",
    "login/",
    "login/../static/js/bokeh.min.js",
    "//static/js/bokeh.min.js",
    "nothing",
]


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> PasswordFile:
    file = PasswordFile(tmp_path_factory.mktemp("login") / "people")
    file.write("alice", "correct horse")
    file.write("bob", "battery staple")
    return file


@pytest.fixture(scope="module", params=["", "/user/alice"])
def closed(
    request: pytest.FixtureRequest, people: PasswordFile, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    log = tmp_path_factory.mktemp("closed") / "log"
    arguments = ["--passwords", str(people.path), "--prefix", request.param]
    with Served(log, *arguments, "--trust-proxy", "--log-format", "json") as server:
        yield server


@pytest.fixture
def visitor(closed: Served, request: pytest.FixtureRequest) -> Visitor:
    """Comes from an address of its own: what others tried is not held against it."""
    address = f"10.0.{abs(hash(request.node.name)) % 250}.{abs(hash(request.node.nodeid)) % 250}"
    return Visitor(closed.url, **{"X-Forwarded-For": address})


def test_the_page_leads_to_the_login_and_back_with_all_that_was_asked(visitor: Visitor) -> None:
    asked = visitor.ask("?embed=pad,answer")
    assert asked.status == 302
    assert asked.headers["location"] == "login?next=" + (
        f"{visitor.url.split('/', 3)[3]}".join(["%2F", ""]).replace("/", "%2F") + "%3Fembed%3Dpad%2Canswer"
    )
    form = visitor.ask(asked.headers["location"])
    assert form.status == 200
    answer = visitor.log_in("alice", "correct horse", "?" + asked.headers["location"].partition("?")[2])
    assert (answer.status, answer.headers["location"]) == (303, "./?embed=pad%2Canswer")
    page = visitor.ask(answer.headers["location"])
    assert page.status == 200
    assert b'href="logout"' in page.body


@pytest.mark.parametrize("path", PATHS)
def test_nothing_else_is_there_for_strangers(visitor: Visitor, path: str) -> None:
    answer = visitor.ask(visitor.url + path)
    assert answer.status in (400, 401)
    assert "Upgrade" not in answer.headers
    assert len(answer.body) < 4000


def test_probes_are_for_all(visitor: Visitor) -> None:
    assert visitor.ask("healthz").status == 200
    assert visitor.ask("readyz").status in (200, 503)


def test_the_websocket_needs_the_login_and_not_only_a_token(closed: Served, visitor: Visitor) -> None:
    visitor.log_in("alice", "correct horse")
    token = re.findall(r'"token":"([^"]+)"', visitor.ask().text)[0]

    async def work() -> None:
        with pytest.raises(HTTPClientError) as refused:
            async with joined(closed, token):
                pass
        assert refused.value.code == 401
        cookies = "; ".join(f"{name}={value}" for name, value in visitor.cookies.items())
        async with visiting(closed, Cookie=cookies) as person:
            await person.open()
            assert (await person.draw([(0.3, 0.2), (0.7, 0.2), (0.45, 0.8)]))["network"] == "cnn"

    asyncio.run(work())


@pytest.mark.parametrize(
    ("name", "password"), [("alice", "wrong horse"), ("nobody", "correct horse"), ("<b>", "correct horse")]
)
def test_a_wrong_password_is_one_sentence(closed: Served, visitor: Visitor, name: str, password: str) -> None:
    answer = visitor.log_in(name, password)
    assert answer.status == 401
    assert "Name or password is wrong." in answer.text
    assert "<b>" not in answer.text
    assert "vizapp-login" not in visitor.cookies
    assert visitor.ask().status == 302
    assert password not in closed.log


def test_guessing_is_slowed_down_also_for_who_would_be_right(visitor: Visitor, people: PasswordFile) -> None:
    people.write("carol", "long and good")
    tried = [visitor.log_in("carol", f"guess {number}").status for number in range(7)]
    assert tried == [401] * 6 + [429]
    refused = visitor.log_in("carol", "long and good")
    assert refused.status == 429
    assert re.search(r"Try again in \d+ seconds", refused.text)
    assert visitor.log_in("bob", "battery staple").status == 303


def test_a_form_from_elsewhere_is_refused(visitor: Visitor) -> None:
    answer = visitor.send("login", name="alice", password="correct horse")
    assert answer.status == 403
    assert "vizapp-login" not in visitor.cookies


@pytest.mark.parametrize(
    "address", ["https://evil.example/?a=1", "//evil.example/?a=1", "javascript:alert(1)?a=1", "?a=1\r\nX: 1"]
)
def test_a_login_leads_nowhere_else(visitor: Visitor, address: str) -> None:
    visitor.ask("login")
    xsrf = re.findall(r'name="_xsrf" value="([^"]+)"', visitor.ask("login").text)[0]
    answer = visitor.send("login", name="alice", password="correct horse", next=address, _xsrf=xsrf)
    assert answer.status == 303
    assert answer.headers["location"].startswith("./?a=1")


def test_a_cookie_is_worth_nothing_after_logging_out(visitor: Visitor) -> None:
    visitor.log_in("alice", "correct horse")
    kept = dict(visitor.cookies)
    assert visitor.ask().status == 200
    assert "You are logged out" in visitor.ask("logout").text
    assert "vizapp-login" not in visitor.cookies
    visitor.cookies = kept
    assert visitor.ask().status == 302


def test_another_password_ends_all_logins_of_its_person(visitor: Visitor, people: PasswordFile) -> None:
    people.write("dora", "first password")
    visitor.log_in("dora", "first password")
    assert visitor.ask("static/js/bokeh.min.js").status == 200
    people.write("dora", "second password")
    assert visitor.ask("static/js/bokeh.min.js").status == 401
    assert visitor.ask().status == 302


@pytest.mark.parametrize(
    "change", [lambda text: text[:-4] + "0000", lambda text: "2|1:0|10:1|x", lambda text: "{}"]
)
def test_a_forged_cookie_is_worth_nothing(visitor: Visitor, change: object) -> None:
    visitor.log_in("alice", "correct horse")
    visitor.cookies["vizapp-login"] = change(visitor.cookies["vizapp-login"])  # type: ignore[operator]
    assert visitor.ask().status == 302


def test_the_cookie_is_kept_from_scripts_and_from_other_sites(visitor: Visitor) -> None:
    answer = visitor.log_in("alice", "correct horse")
    cookie = next(value for name, value in answer.all_headers if value.startswith("vizapp-login"))
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Secure" not in cookie
    visitor.headers["X-Forwarded-Proto"] = "https"
    cookie = next(
        v for _, v in visitor.log_in("bob", "battery staple").all_headers if v.startswith("vizapp-login")
    )
    assert "Secure" in cookie


def test_only_those_who_are_allowed_come_in(people: PasswordFile, tmp_path: Path) -> None:
    with Served(tmp_path / "log", "--passwords", str(people.path), "--allow-user", "bo*") as server:
        bob, alice = Visitor(server.url), Visitor(server.url)
        bob.log_in("bob", "battery staple")
        alice.log_in("alice", "correct horse")
        assert bob.ask().status == 200
        assert alice.ask().status == 403
        assert "nobody has allowed you" in alice.ask("static/js/bokeh.min.js").text


def test_logins_outlive_the_server_where_its_secret_does(people: PasswordFile, tmp_path: Path) -> None:
    secret = {"VIZAPP_SECRET_KEY": "correct horse battery staple and some more"}
    visitor = Visitor("")
    for number in range(2):
        with Served(tmp_path / str(number), "--passwords", str(people.path), environment=secret) as server:
            visitor.url = server.url
            if number == 0:
                visitor.log_in("alice", "correct horse")
            assert visitor.ask().status == 200


def test_a_file_that_cannot_be_used_is_told_at_the_start(tmp_path: Path) -> None:
    from tests.test_server import vizapp

    outcome = vizapp("serve", "--no-browser", "--port", "0", "--passwords", str(tmp_path / "nothing"))
    assert outcome.returncode == 2
    assert outcome.stderr.startswith("vizapp serve: the file of passwords")
    assert outcome.stderr.count("\n") == 1
