"""Two servers behind the real nginx, as deploy/nginx has it: browsers draw through it."""

from __future__ import annotations

import asyncio
import datetime
import re
from collections.abc import Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from types import SimpleNamespace

import pytest
from conftest import Complaints
from driver import SEVEN, Driver, wait_until
from playwright.sync_api import Browser, Page, expect
from proxied import Nginx, Pair, behind, in_its_own_loop, paired

from tests.serving.person import Person, visiting
from tests.serving.test_limits import free_port
from tests.serving.web import Visitor
from vizapp.serving.passwords import PasswordFile

pytestmark = pytest.mark.hosting

# The server asks its pages every 0.3 s whether they are there, and not every 20 s.
OFTEN = """
import bokeh.server.tornado as t
begin = t.BokehTornado.__init__
t.BokehTornado.__init__ = lambda self, *a, **k: begin(self, *a, **{**k, "keep_alive_milliseconds": 300})
"""

INK = "window.Bokeh?.documents[0]?.get_model_by_name('vizapp-ink')?.data.xs?.length === 1"


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    with paired(tmp_path_factory.mktemp("pair")) as both:
        yield both


@pytest.fixture(scope="module")
def nginx(pair: Pair, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nginx]:
    with Nginx(tmp_path_factory.mktemp("proxy") / "nginx", pair.port, pair.ports) as proxy:
        yield proxy


def test_the_page_draws_through_nginx(page: Page, nginx: Nginx) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    # Without the slash, and with what is behind the address.
    page.goto(f"{nginx.url[:-1]}?embed=pad")
    assert page.url == f"{nginx.url}?embed=pad"
    driver = Driver(page).open(nginx.url)
    driver.press("Clear")
    driver.draw(SEVEN)
    driver.check_answer()
    assert [url for url in asked if not url.startswith((nginx.url[:-1], "data:", "blob:"))] == []
    [route] = [one for one in page.context.cookies() if one["name"] == "vizapp_route"]
    assert (route["path"], route["httpOnly"], route["secure"]) == ("/vizapp", True, False)
    # The page, its files and its websocket, while it is there and afterwards.
    page.goto("about:blank")
    nginx.until(route["value"], "/vizapp/ws")
    assert len({one.ports for one in nginx.asked if one.route == route["value"]}) == 1


def test_people_are_spread_and_each_stays_with_one_server(pair: Pair, nginx: Nginx) -> None:
    before = pair.count("vizapp_sessions_opened_total")
    routes = [nginx.route_to(server) for server in pair.servers for _ in range(4)]

    async def work() -> None:
        async with AsyncExitStack() as stack:
            # As if there were a server at nginx's address.
            through = SimpleNamespace(url=nginx.url)
            for route in routes:
                cookie = {"Cookie": f"vizapp_route={route}"}
                person = await stack.enter_async_context(visiting(through, **cookie))  # type: ignore[arg-type]
                await person.open()
                await person.draw(SEVEN)

    in_its_own_loop(work())
    # A page whose websocket meets another server has a session on both.
    after = pair.count("vizapp_sessions_opened_total")
    assert [now - then for then, now in zip(before, after, strict=True)] == [4, 4]


@pytest.mark.parametrize("accepted", ["gzip", "identity"])
def test_pages_and_files_come_compressed_or_not(nginx: Nginx, accepted: str) -> None:
    for address in ("", "static/js/bokeh.min.js"):
        answer = Visitor(nginx.url).ask(address, **{"Accept-Encoding": accepted})
        assert answer.status == 200
        assert answer.headers.get("content-encoding") == (None if accepted == "identity" else "gzip")
        # Nothing is cut off.
        assert len(answer.body) == int(answer.headers.get("content-length", len(answer.body)))


def test_probes_and_metrics_are_not_for_outside(pair: Pair, nginx: Nginx) -> None:
    for address in ("healthz", "readyz", "metrics", "/healthz", "/readyz", "/metrics"):
        assert Visitor(nginx.url).ask(address).status == 404
    for server in pair.servers:
        assert Visitor(server.url).ask("healthz").status == 200


def test_a_forged_cookie_is_not_sent_back(nginx: Nginx) -> None:
    visitor = Visitor(nginx.url)
    visitor.cookies["vizapp_route"] = "somebody"
    assert visitor.ask(method="HEAD").status == 200
    assert len(visitor.cookies["vizapp_route"]) == 32


def test_a_silent_websocket_is_kept_open(tmp_path: Path) -> None:
    """nginx cuts what was silent for two seconds. The server asks more often, and both ways count."""
    port = free_port()
    with (
        behind(tmp_path / "log", [port], before=OFTEN) as server,
        Nginx(tmp_path / "nginx", port, (server.port, server.port), impatient) as nginx,
    ):

        async def work() -> None:
            async with visiting(SimpleNamespace(url=nginx.url)) as person:  # type: ignore[arg-type]
                await person.open()
                pings: asyncio.Queue[bytes] = asyncio.Queue()
                person.socket.on_ping = pings.put_nowait  # type: ignore[method-assign]
                listening = asyncio.ensure_future(listen(person))
                for _ in range(12):
                    await asyncio.wait_for(pings.get(), 30)
                assert not listening.done()
                listening.cancel()
                await asyncio.wait([listening])
                await person.draw(SEVEN)

        async def listen(person: Person) -> None:
            while await person.hear():
                pass

        in_its_own_loop(work())


def test_a_page_that_the_proxy_cuts_off_comes_back(
    page: Page, complaints: Complaints, pair: Pair, tmp_path: Path
) -> None:
    """Where somebody set the proxy to less than the server's own twenty seconds."""
    with Nginx(tmp_path / "one", pair.spare, pair.ports) as nginx:
        driver = Driver(page).open(nginx.url)
        driver.press("Clear")
        driver.draw(SEVEN)
        drawn = [stroke.points.tolist() for stroke in driver.drawn]
    with Nginx(tmp_path / "two", pair.spare, pair.ports, impatient) as nginx:
        driver.until(
            lambda: "upstream timed out" in nginx.errors(), "a page on which nothing happens is cut off"
        )
    # And here it is left alone, to be looked at.
    with Nginx(tmp_path / "three", pair.spare, pair.ports) as nginx:
        loads = ("GET", "/vizapp/", 200)
        driver.until(
            lambda: any((one.method, one.path, one.status) == loads for one in nginx.asked),
            "it has come back",
        )
        wait_until(page, INK)
        expect(page.locator(".banner")).to_have_count(0)
        driver.check_answer()
        assert [stroke.points.tolist() for stroke in driver.drawn] == drawn
        page.goto("about:blank")
    # Of the browser, about connections that were cut.
    complaints.clear()


def impatient(text: str) -> str:
    """The file, with two seconds for the websocket; the page may take its time."""
    [block] = re.findall(r"^  location /vizapp/ \{.*?^  \}$", text, re.DOTALL | re.MULTILINE)
    short = block.replace("location /vizapp/", "location = /vizapp/ws").replace(
        "read_timeout 75s", "read_timeout 2s"
    )
    return text.replace(block, f"{short}\n{block}")


def test_a_person_logs_in_and_draws_over_tls(
    browser: Browser, complaints: Complaints, tmp_path: Path
) -> None:
    people = PasswordFile(tmp_path / "people")
    people.write("alice", "correct horse")
    certificate = make_certificate(tmp_path)
    port = free_port()

    def with_tls(text: str) -> str:
        return text.replace(f":{port};", f":{port} ssl; {certificate}", 1)

    with (
        behind(tmp_path / "one", [port], "--passwords", str(people.path)) as one,
        behind(tmp_path / "two", [port], "--passwords", str(people.path)) as two,
        Nginx(tmp_path / "nginx", port, (one.port, two.port), with_tls, "https") as nginx,
    ):
        context = browser.new_context(ignore_https_errors=True, viewport={"width": 1440, "height": 900})
        page = context.new_page()
        complaints.watch(page)
        sockets: list[str] = []
        page.on("websocket", lambda socket: sockets.append(socket.url))
        page.goto(nginx.url)
        page.get_by_label("Name").fill("alice")
        page.get_by_label("Password").fill("correct horse")
        page.get_by_role("button", name="Log in").click()
        driver = Driver(page)
        expect(driver.first).to_be_visible()
        driver.press("Clear")
        driver.draw(SEVEN)
        driver.check_answer()
        assert [url.split("?")[0] for url in sockets] == [f"wss://127.0.0.1:{port}/vizapp/ws"]
        cookies = {one["name"]: one for one in context.cookies()}
        for name in ("vizapp-login", "vizapp_route"):
            assert cookies[name]["secure"], name
            assert cookies[name]["path"] == "/vizapp", name
        # The other server knows the login, too: it has the same secret.
        met = nginx.until(cookies["vizapp_route"]["value"])[-1].ports
        other = two if met == (one.port,) else one
        login = f"vizapp-login={cookies['vizapp-login']['value']}"
        assert Visitor(other.url).ask(method="HEAD", Cookie=login).status == 200
        assert Visitor(other.url).ask(method="HEAD").status == 302
        context.close()


def make_certificate(folder: Path) -> str:
    """A certificate that nobody has signed; nginx's directives for it."""
    # With the hosting requirements only.
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    (folder / "certificate").write_bytes(certificate.public_bytes(pem))
    plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    (folder / "key").write_bytes(key.private_bytes(pem, *plain))
    return f"ssl_certificate {folder}/certificate; ssl_certificate_key {folder}/key;"
