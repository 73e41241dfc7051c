"""What every answer says to the browser: take scripts from here only, guess no types, tell nobody where you come from.

The content security policy and why each of its relaxations is there is written down in docs/hosting.md.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence

from tornado.httputil import HTTPHeaders, HTTPServerRequest
from tornado.web import OutputTransform

_SCRIPT = re.compile(rb"<script(?=[\s>])", re.IGNORECASE)


def policy(embedders: Sequence[str] = (), nonce: str | None = None) -> str:
    """The content security policy; `nonce` marks the scripts that stand in the page itself."""
    # Panel hands its components' modules to the browser as blobs, which only scripts of the page can make.
    scripts = "'self' blob:" + (f" 'nonce-{nonce}'" if nonce else "")
    directives = {
        "default-src": "'self'",
        "script-src": scripts,
        "script-src-attr": "'none'",
        # BokehJS and Panel put style elements into each pane's shadow root, and set style attributes.
        "style-src": "'self' 'unsafe-inline'",
        # Pictures are made in the page, and copied and saved from there.
        "img-src": "'self' data: blob:",
        "font-src": "'self'",
        "connect-src": "'self' blob:",
        "worker-src": "'self'",
        "object-src": "'none'",
        "base-uri": "'none'",
        "form-action": "'self'",
        "frame-src": "'none'",
        "frame-ancestors": " ".join(["'self'", *embedders]),
    }
    return "; ".join(f"{name} {value}" for name, value in directives.items())


def protection(embedders: Sequence[str]) -> type[OutputTransform]:
    """A transform of all answers of a Tornado application. It comes before the one that compresses."""

    class Protection(OutputTransform):
        def __init__(self, request: HTTPServerRequest) -> None:
            """A transform lives for one answer."""

        def transform_first_chunk(
            self, status_code: int, headers: HTTPHeaders, chunk: bytes, finishing: bool
        ) -> tuple[int, HTTPHeaders, bytes]:
            headers["X-Content-Type-Options"] = "nosniff"
            headers["Referrer-Policy"] = "same-origin"
            headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()"
            headers["Cross-Origin-Opener-Policy"] = "same-origin"
            # Which program and version serves is nobody's business.
            headers.pop("Server", None)
            nonce = None
            if finishing and headers.get("Content-Type", "").startswith("text/html"):
                nonce = secrets.token_urlsafe(16)
                chunk = _SCRIPT.sub(b'<script nonce="' + nonce.encode() + b'"', chunk)
                headers.pop("Etag", None)
                if "Content-Length" in headers:
                    headers["Content-Length"] = str(len(chunk))
            headers["Content-Security-Policy"] = policy(embedders, nonce)
            return status_code, headers, chunk

    return Protection
