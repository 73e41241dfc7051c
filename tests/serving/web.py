"""A visitor who keeps cookies, and follows nothing by itself."""

from __future__ import annotations

import re
from http.client import HTTPConnection
from urllib.parse import urlencode, urljoin, urlsplit

from served import PATIENCE


class Answer:
    """What came back; names of headers are in lower case."""

    def __init__(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        self.status, self.all_headers, self.body = status, headers, body
        self.headers = {name.lower(): value for name, value in headers}

    @property
    def text(self) -> str:
        return self.body.decode()


class Visitor:
    """`url` is where relative addresses begin; `cookies` are sent to it and to every other host, by any path."""

    def __init__(self, url: str, **headers: str) -> None:
        self.url, self.headers = url, headers
        self.cookies: dict[str, str] = {}

    def ask(self, address: str = "", method: str = "GET", body: str | None = None, **headers: str) -> Answer:
        parts = urlsplit(urljoin(self.url, address))
        connection = HTTPConnection(parts.hostname or "", parts.port, timeout=PATIENCE)
        given = {**self.headers, **headers}
        if self.cookies:
            given["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        try:
            path = parts.path + (f"?{parts.query}" if parts.query else "")
            connection.request(method, path, body=body, headers=given)
            heard = connection.getresponse()
            answer = Answer(heard.status, heard.getheaders(), heard.read())
        finally:
            connection.close()
        for name, value in answer.all_headers:
            if name.lower() == "set-cookie":
                key, _, rest = value.partition("=")
                content = rest.partition(";")[0].strip('"')
                if content:
                    self.cookies[key] = content
                else:
                    self.cookies.pop(key, None)
        return answer

    def send(self, address: str, **fields: str) -> Answer:
        """A form."""
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        return self.ask(address, "POST", urlencode(fields), **kind)

    def log_in(self, name: str, password: str, query: str = "") -> Answer:
        """Through the form of the login page."""
        form = self.ask(f"login{query}").text
        fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form))
        return self.send("login", **{**fields, "name": name, "password": password})
