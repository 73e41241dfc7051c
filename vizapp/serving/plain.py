"""Pages that need no session: a sentence, the login. They look like the app and take nothing from anywhere."""

from __future__ import annotations

from html import escape
from typing import Any

from tornado.web import RequestHandler

_SENTENCES = {
    401: "Please log in first: open the page itself, not what belongs to it.",
    403: "This page cannot be opened from there. Open it anew, without what follows the question mark.",
    404: "There is nothing at this address.",
    405: "This cannot be asked for in that way.",
    500: "The page could not be made. This is a defect of the server, not of yours; its log says more.",
}
_HTML = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">{head}
<link rel="icon" href="data:,">
<style>
:root {{ color-scheme: light dark; --page: light-dark(#f7f8fa, #0f1318); --surface: light-dark(#fff, #161b21);
  --line: light-dark(#8a939c, #6d7885); --ink: light-dark(#1f2933, #e6ebf0); --accent: light-dark(#1b64a5, #6fb1ee);
  --on-accent: light-dark(#fff, #0c1117); --danger: light-dark(#a3211b, #ff8a80); }}
* {{ box-sizing: border-box; }}
body {{ background: var(--page); color: var(--ink); margin: 15vh auto; max-width: 25rem; padding: 0 16px;
  font: 15px/1.5 Inter, "Segoe UI", system-ui, -apple-system, Roboto, "Helvetica Neue", Arial, sans-serif; }}
main {{ background: var(--surface); border: 1px solid light-dark(#e3e6ea, #262d35); border-radius: 8px;
  padding: 24px; }}
h1 {{ font-size: 20px; font-weight: 650; letter-spacing: -0.01em; margin: 0 0 12px; }}
p {{ margin: 0; }} a {{ color: var(--accent); }} form {{ display: grid; gap: 4px; }}
label {{ font-weight: 600; font-size: 13px; margin-top: 8px; }}
[role=alert] {{ color: var(--danger); margin-bottom: 4px; }}
input {{ font: inherit; color: inherit; background: var(--page); border: 1px solid var(--line); border-radius: 6px;
  padding: 7px 10px; width: 100%; }}
button {{ font: inherit; font-weight: 600; color: var(--on-accent); background: var(--accent); border: 0;
  border-radius: 6px; padding: 9px; margin-top: 16px; cursor: pointer; }}
:is(input, button, a):focus-visible {{ outline: 2px solid var(--accent); outline-offset: 2px; }}
</style></head>
<body><main><h1>vizapp</h1>
{body}
</main></body></html>
"""


def plain_page(body: str, title: str = "vizapp", again: int | None = None) -> str:
    """A whole page around `body`, which is HTML; it loads itself anew after `again` seconds."""
    head = "" if again is None else f'<meta http-equiv="refresh" content="{again}">'
    return _HTML.format(body=body, title=escape(title), head=head)


class Plain(RequestHandler):
    """Answers with plain pages, errors included. What really happened is in the log."""

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        self.say(_SENTENCES.get(status_code, "The server could not answer that."))

    def say(self, sentence: str, again: int | None = None) -> None:
        """End with a sentence; with `again`, the page asks anew after so many seconds."""
        if again is not None:
            self.set_header("Retry-After", str(again))
        self.show(plain_page(f"<p>{escape(sentence)}</p>", again=again))

    def show(self, page: str) -> None:
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.set_header("Cache-Control", "no-store")
        self.finish(page)


class Missing(Plain):
    """Any address that nothing else answers."""

    async def prepare(self) -> None:
        self.send_error(404)
