"""The command line: `vizapp serve`, `password`, `train`, `evaluate`, `classify`, `sweep` and `bench`.

A command's code is imported when it is called: classifying a file needs neither Panel nor Numba.
"""

from __future__ import annotations

import argparse
import importlib
import logging
import sys
from collections.abc import Sequence

from vizapp import __version__

# What makes a command: its module has add_arguments(parser) and run(arguments) -> exit code.
COMMANDS = {
    "serve": ("vizapp.serving.options", "open the page in a browser and serve it"),
    "password": ("vizapp.serving.passwords", "let somebody log in to a page that is served"),
    "train": ("vizapp.analysis.training", "train a network and write its weights"),
    "evaluate": ("vizapp.analysis.evaluation", "measure how often a network is right"),
    "classify": ("vizapp.inputs.classify", "answer files of strokes and images"),
    "sweep": ("vizapp.analysis.sweeping", "measure robustness, and rank files by ambiguity"),
    "bench": ("vizapp.bench", "measure the server's share of a pen movement"),
}

FAILED = 2
INTERRUPTED = 130

log = logging.getLogger(__name__)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. Returns its exit code: 0 is well, 2 is a problem that one line on stderr names."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    command = next((word for word in given if not word.startswith("-")), None)
    args = _parser(command).parse_args(given)
    _log(args.verbose)
    try:
        code: int = args.run(args)
    except KeyboardInterrupt:
        return INTERRUPTED
    except (ValueError, OSError) as error:
        # What vizapp raises over data, weights and layouts is a ValueError whose message is for the reader.
        log.debug("the command failed", exc_info=True)
        return _complain(args.command, str(error))
    except Exception as error:
        log.debug("the command failed", exc_info=True)
        return _complain(
            args.command, f"{type(error).__name__}: {error} (a defect in vizapp; --verbose says more)"
        )
    return code


def _parser(command: str | None) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="vizapp", description="Draw a digit and watch two whole neural networks think."
    )
    parser.add_argument("--version", action="version", version=f"vizapp {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, (module_name, text) in COMMANDS.items():
        one = commands.add_parser(name, help=text, description=text.capitalize() + ".")
        if name == command:
            module = importlib.import_module(module_name)
            module.add_arguments(one)
            one.set_defaults(run=module.run)
        one.add_argument("--verbose", action="store_true", help="say on stderr, in full, what goes on")
    return parser


def _log(verbose: bool) -> None:
    logging.basicConfig(
        level=logging.INFO if verbose else logging.WARNING,
        format="%(asctime)s %(levelname)s %(name)s: %(message)s",
        stream=sys.stderr,
    )
    if verbose:
        logging.getLogger("vizapp").setLevel(logging.DEBUG)


def _complain(command: str, text: str) -> int:
    print(f"vizapp {command}: {' '.join(text.split())}", file=sys.stderr)
    return FAILED


if __name__ == "__main__":
    sys.exit(main())
