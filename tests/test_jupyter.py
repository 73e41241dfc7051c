"""What Jupyter is told of vizapp. tests/browser/hosting/test_jupyterhub.py has it do what it is told."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path
from xml.etree import ElementTree

import pytest

import vizapp
from vizapp.jupyter import setup_vizapp
from vizapp.serving import options

LOAD = """
import json, os, sys
from importlib.metadata import entry_points
(found,) = entry_points(group="jupyter_serverproxy_servers", name="vizapp")
found.load()()
print(json.dumps([os.environ.get("OPENBLAS_NUM_THREADS"), "numpy" in sys.modules]))
"""


def test_jupyter_finds_it() -> None:
    (found,) = entry_points(group="jupyter_serverproxy_servers", name="vizapp")
    assert found.load() is setup_vizapp


def test_the_command_is_one_that_vizapp_takes() -> None:
    import argparse

    _, safely, *words = [word.format(unix_socket="/run/s") for word in setup_vizapp()["command"]]
    assert safely == "-P"
    assert words[:3] == ["-m", "vizapp", "serve"]
    parser = argparse.ArgumentParser()
    options.add_arguments(parser)
    taken = options.Options.of(parser.parse_args(words[3:]))
    assert taken.unix_socket == Path("/run/s")
    assert not taken.browser


def test_the_icon_is_a_picture_in_the_package() -> None:
    icon = Path(setup_vizapp()["launcher_entry"]["icon_path"])
    assert Path(vizapp.__file__).parent in icon.parents
    assert ElementTree.parse(icon).getroot().tag == "{http://www.w3.org/2000/svg}svg"


@pytest.mark.parametrize("given", [None, "3"])
def test_jupyter_s_own_process_is_left_as_it_was(given: str | None) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "OPENBLAS_NUM_THREADS"}
    if given is not None:
        environment["OPENBLAS_NUM_THREADS"] = given
    said = subprocess.run(
        [sys.executable, "-c", LOAD], env=environment, capture_output=True, text=True, check=True
    )
    assert json.loads(said.stdout) == [given, False]


def test_where_there_are_no_unix_sockets_the_reason_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    with pytest.raises(RuntimeError, match="Unix sockets"):
        setup_vizapp()
