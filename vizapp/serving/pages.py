"""The page itself, the probe, the icon; and plain sentences where something is wrong."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import Any

from panel.io.server import DocHandler
from tornado.web import RequestHandler

EMBEDDERS = "vizapp_embedders"
"""Tornado's setting: origins whose pages may show this one in a frame, where a click is not always what it seems."""

ICON = (Path(__file__).parent / "favicon.svg").read_bytes()

_SENTENCES = {
    403: "This page cannot be opened from there. Open it anew, without what follows the question mark.",
    404: "There is nothing at this address.",
    500: "The page could not be made. This is a defect of the server, not of yours; its log says more.",
}
_HTML = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>vizapp</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<style>body {{ font: 16px/1.5 system-ui, sans-serif; margin: 15vh auto; max-width: 34em; padding: 0 16px;
color-scheme: light dark; }}</style></head>
<body><h1>vizapp</h1><p>{sentence}</p></body></html>
"""


class PlainErrors(RequestHandler):
    """Answers errors with a sentence. What really happened is in the log."""

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        sentence = _SENTENCES.get(status_code, "The server could not answer that.")
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.set_header("Cache-Control", "no-store")
        self.finish(_HTML.format(sentence=escape(sentence)))


class Page(PlainErrors, DocHandler):
    """One session's page."""

    def set_default_headers(self) -> None:
        self.set_header("X-Content-Type-Options", "nosniff")
        self.set_header("Referrer-Policy", "same-origin")
        allowed = " ".join(["'self'", *self.settings.get(EMBEDDERS, ())])
        self.set_header("Content-Security-Policy", f"frame-ancestors {allowed}")


class Missing(PlainErrors):
    """Any address that nothing else answers."""

    async def prepare(self) -> None:
        self.send_error(404)


class Health(RequestHandler):
    """`/healthz`: the process answers requests. Makes no session, so it can be asked often."""

    def get(self) -> None:
        self.set_header("Content-Type", "text/plain")
        self.set_header("Cache-Control", "no-store")
        self.write("ok\n")

    head = get


class Icon(RequestHandler):
    """`/favicon.ico`, as the SVG that all browsers of today take."""

    def get(self) -> None:
        self.set_header("Content-Type", "image/svg+xml")
        self.set_header("Cache-Control", "max-age=86400")
        self.write(ICON)
