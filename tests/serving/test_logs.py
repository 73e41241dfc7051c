"""What is in the log, and what is not."""

from __future__ import annotations

import subprocess
import sys

import pytest

ASK = """
import logging, sys
import panel
from vizapp.serving import logs
logs.configure(sys.argv[1], sys.argv[2] == "verbose")
for name in ("panel.io.application", "panel.viewable.Link", "bokeh.server.views.ws", "tornado.access", "vizapp"):
    print(name, logging.getLogger(name).getEffectiveLevel())
"""


@pytest.mark.parametrize(
    ("form", "how", "others", "own"),
    [("text", "quiet", 30, 30), ("json", "quiet", 30, 20), ("text", "verbose", 20, 10)],
)
def test_libraries_say_no_more_than_was_asked_for(form: str, how: str, others: int, own: int) -> None:
    said = subprocess.run([sys.executable, "-c", ASK, form, how], capture_output=True, text=True, check=True)
    levels = {name: int(level) for name, level in map(str.split, said.stdout.splitlines())}
    assert levels.pop("vizapp") == own
    assert set(levels.values()) == {others}
    assert len(levels) == 4
