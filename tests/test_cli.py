"""The command line: what is asked for wrongly gets one clear line and exit code 2."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from served import PATIENCE, ROOT

from vizapp import __version__
from vizapp.cli import COMMANDS
from vizapp.nets import names
from vizapp.serving.options import Options, add_arguments


def vizapp(*arguments: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "vizapp", *arguments],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


def test_it_tells_its_version() -> None:
    outcome = vizapp("--version")
    assert (outcome.returncode, outcome.stdout) == (0, f"vizapp {__version__}\n")


def test_help_names_every_command() -> None:
    outcome = vizapp("--help")
    assert outcome.returncode == 0
    assert all(command in outcome.stdout for command in COMMANDS)


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_every_command_explains_itself(command: str) -> None:
    outcome = vizapp(command, "--help")
    assert outcome.returncode == 0
    assert outcome.stdout.startswith(f"usage: vizapp {command}")


@pytest.mark.parametrize("arguments", [(), ("dance",), ("serve", "--dance")])
def test_what_it_does_not_know_is_refused(arguments: tuple[str, ...]) -> None:
    outcome = vizapp(*arguments)
    assert outcome.returncode == 2
    assert "usage: vizapp" in outcome.stderr
    assert "Traceback" not in outcome.stderr


@pytest.mark.parametrize("command", ["train", "evaluate", "classify"])
def test_an_unknown_network_is_answered_with_the_known_ones(command: str, tmp_path: Path) -> None:
    drawing = tmp_path / "drawing.json"
    drawing.write_text(json.dumps({"strokes": [[[0.5, 0.2], [0.5, 0.8]]]}))
    arguments = [str(drawing), "--network", "lenet"] if command == "classify" else ["lenet"]
    outcome = vizapp(command, *arguments)
    assert outcome.returncode == 2
    assert outcome.stderr.startswith(f"vizapp {command}: ")
    assert outcome.stderr.count("\n") == 1
    assert all(name in outcome.stderr for name in names())


def test_damaged_weights_are_named(tmp_path: Path) -> None:
    damaged = tmp_path / "cnn.safetensors"
    damaged.write_bytes(b"\x08\0\0\0\0\0\0\0{notjson")
    outcome = vizapp("evaluate", str(damaged))
    assert outcome.returncode == 2
    assert "cnn.safetensors" in outcome.stderr
    assert outcome.stderr.count("\n") == 1


def test_the_whole_story_is_told_when_asked(tmp_path: Path) -> None:
    """A failure that no command foresees: one line, and with --verbose where it came from."""
    code = (
        "import sys, types, vizapp.cli as cli\n"
        "def run(args): raise RuntimeError('the cat is on the keyboard')\n"
        "sys.modules['broken'] = types.SimpleNamespace(add_arguments=lambda parser: None, run=run)\n"
        "cli.COMMANDS['break'] = ('broken', 'break')\n"
        "sys.exit(cli.main(sys.argv[1:]))\n"
    )
    quiet, verbose = (
        subprocess.run(
            [sys.executable, "-c", code, "break", *extra],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        for extra in ([], ["--verbose"])
    )
    assert quiet.returncode == verbose.returncode == 2
    assert quiet.stderr.startswith("vizapp break: RuntimeError: the cat is on the keyboard")
    assert quiet.stderr.count("\n") == 1
    assert "Traceback" in verbose.stderr


def test_classify_answers_from_any_directory(tmp_path: Path) -> None:
    (tmp_path / "one.json").write_text(json.dumps({"strokes": [[[0.5, 0.2], [0.5, 0.8]]]}))
    outcome = vizapp("classify", "one.json", "--json", cwd=tmp_path)
    assert outcome.returncode == 0
    assert json.loads(outcome.stdout)["prediction"] == 1


def test_bench_prints_what_a_pen_movement_costs() -> None:
    outcome = vizapp("bench", "--json", "--repeat", "1")
    assert outcome.returncode == 0, outcome.stderr
    figures = json.loads(outcome.stdout)
    assert set(figures) == set(names())
    for network in figures.values():
        pen = network["pen"]
        assert pen["movements"] > 10
        assert 0 < pen["median_ms"] <= pen["p95_ms"]
        assert pen["message_bytes"] > 1000


def options(*arguments: str) -> Options:
    import argparse

    parser = argparse.ArgumentParser(exit_on_error=False)
    add_arguments(parser)
    return Options.of(parser.parse_args(list(arguments)))


@pytest.mark.parametrize(
    ("given", "prefix"),
    [
        ("", ""),
        ("/", ""),
        ("viz", "/viz"),
        ("/user/name/proxy/5006/", "/user/name/proxy/5006"),
        ("/a.b/~c", "/a.b/~c"),
    ],
)
def test_prefixes(given: str, prefix: str) -> None:
    assert options("--prefix", given).prefix == prefix


@pytest.mark.parametrize(
    "arguments",
    [
        ("--port", "70000"),
        ("--port", "-1"),
        ("--port", "http"),
        ("--prefix", "/a//b"),
        ("--prefix", "/a?b"),
        ("--prefix", "(.*)"),
        ("--allow-websocket-origin", "a b"),
        ("--allow-websocket-origin", "host:port"),
        ("--allow-embedding", "course.example.org"),
        ("--allow-embedding", "https://a.example;script-src"),
        ("--allow-embedding", "https://a.example/course"),
        ("--allow-embedding", "'none'"),
        ("--num-procs", "0"),
        ("--num-procs", "1000"),
        ("--batch-processes", "-1"),
        ("--batch-processes", "1000"),
        ("--batch-processes", "all"),
        ("--dask-scheduler", "localhost"),
        ("--dask-scheduler", "tcp://a b:8786"),
        ("--max-sessions", "0"),
        ("--idle-minutes", "0"),
        ("--drain", "-1"),
        ("--metrics", "port"),
        ("--metrics", "9100:"),
        ("--log-format", "xml"),
        ("--oauth-provider", "pam"),
        ("--oauth-extra-params", "[1]"),
    ],
)
def test_impossible_options_are_refused(arguments: tuple[str, str]) -> None:
    outcome = vizapp("serve", "--no-browser", *arguments)
    assert outcome.returncode == 2
    assert arguments[1] in outcome.stderr
    assert "Traceback" not in outcome.stderr


def test_how_long_measurements_are_made() -> None:
    assert (options().batch_processes, options().dask_scheduler) == (None, None)
    assert options("--batch-processes", "0").batch_processes == 0
    pytest.importorskip("distributed")
    for address in ("tcp://cluster.example.org:8786", "localhost:8786", "tls://[::1]:8786"):
        assert options("--dask-scheduler", address).dask_scheduler == address


def test_origins_as_a_browser_shows_them() -> None:
    given = options(
        *("--allow-websocket-origin", "https://Viz.Example.org/"), *("--allow-websocket-origin", "*.lab:8000")
    )
    assert given.origins == ("viz.example.org", "*.lab:8000")


@pytest.mark.parametrize(
    ("given", "origin"),
    [
        ("https://Course.Example.org/", "https://course.example.org"),
        ("http://localhost:8000", "http://localhost:8000"),
        ("https://*.example.org:*", "https://*.example.org:*"),
        ("http://[::1]:8000", "http://[::1]:8000"),
        ("*", "*"),
    ],
)
def test_who_may_embed(given: str, origin: str) -> None:
    assert options("--allow-embedding", given).embedders == (origin,)
    assert options().embedders == ()


@pytest.mark.parametrize(
    ("address", "local", "url"),
    [
        ("127.0.0.1", True, "http://127.0.0.1:1/"),
        ("localhost", True, "http://localhost:1/"),
        ("::1", True, "http://[::1]:1/"),
        ("0.0.0.0", False, "http://localhost:1/"),
        ("192.168.1.5", False, "http://192.168.1.5:1/"),
    ],
)
def test_what_an_address_means(address: str, local: bool, url: str) -> None:
    assert (Options(address=address).is_local, Options(address=address).url(1)) == (local, url)
