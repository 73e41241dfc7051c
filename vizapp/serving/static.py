"""Static files, compressed once per process and not once per visitor: bokeh.js alone is a megabyte."""

from __future__ import annotations

import gzip
import sys
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

from bokeh.server.views.multi_root_static_handler import MultiRootStaticHandler
from bokeh.server.views.static_handler import StaticHandler
from panel.io.server import ComponentResourceHandler
from tornado.ioloop import IOLoop
from tornado.web import HTTPError, StaticFileHandler

_COMPRESSIBLE = {".js", ".mjs", ".css", ".svg", ".json", ".html", ".txt", ".map"}
_YEAR = 365 * 24 * 3600
_PANES = "vizapp.views."


class Compressed(StaticFileHandler):
    """Mixed in before a static file handler. Browsers keep files with a version in their URL for a year."""

    async def get(self, path: str, include_body: bool = True) -> None:
        if "\0" in path:
            # Of which the file system would say that this is no path at all.
            raise HTTPError(404)
        self.path = self.parse_url_path(path)
        absolute = self.validate_absolute_path(self.root, self.get_absolute_path(self.root, self.path))
        if absolute is None or Path(absolute).suffix not in _COMPRESSIBLE or not self._takes_gzip():
            await super().get(path, include_body)
            return
        self.absolute_path = absolute
        self.modified = self.get_modified_time()
        self.set_headers()
        if self.should_return_304():
            self.set_status(304)
            return
        packing = partial(_packed, absolute, Path(absolute).stat().st_mtime_ns)
        content = await IOLoop.current().run_in_executor(None, packing)
        self.set_header("Content-Encoding", "gzip")
        self.set_header("Content-Length", str(len(content)))
        self.clear_header("Accept-Ranges")
        if include_body:
            self.write(content)

    def get_cache_time(self, path: str, modified: Any, mime_type: str) -> int:
        return _YEAR if self.get_query_argument("v", None) else 0

    def set_extra_headers(self, path: str) -> None:
        if not self.get_query_argument("v", None):
            # Kept, but asked about: the answer is a short "not modified".
            self.set_header("Cache-Control", "no-cache")

    def _takes_gzip(self) -> bool:
        return "gzip" in self.request.headers.get("Accept-Encoding", "")


class BokehFiles(Compressed, StaticHandler):
    """What Bokeh's package holds."""


class ExtensionFiles(Compressed, MultiRootStaticHandler):
    """What Panel's package and other extensions of Bokeh hold."""


class ComponentFiles(Compressed, ComponentResourceHandler):
    """The bundle of vizapp's own panes."""

    def parse_url_path(self, path: str) -> str:
        """Panel's imports whichever module an address names, and importing is running. Here it has to be a pane's."""
        module, *rest = path.split("/")
        if module not in sys.modules or not module.startswith(_PANES) or rest[1:2] != ["_bundle_path"]:
            raise HTTPError(404)
        return super().parse_url_path(path)


@lru_cache(maxsize=64)
def _packed(path: str, _modified: int) -> bytes:
    return gzip.compress(Path(path).read_bytes(), 6, mtime=0)
