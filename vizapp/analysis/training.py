"""``vizapp train``: the command that makes the weights files."""

from __future__ import annotations

import argparse
import dataclasses
import hashlib
import json
import sys
from pathlib import Path
from typing import Any

from vizapp.analysis import pens
from vizapp.nets import data, zoo
from vizapp.nets.data import DataError, Examples
from vizapp.nets.recipe import Recipe, recipe_for
from vizapp.nets.train import train
from vizapp.nets.trainer import TrainingError
from vizapp.resources import weights_dir

LICENCE = (
    "The weights are under vizapp's own licence. Training images: MNIST, Y. LeCun, C. Cortes, "
    "C. J. C. Burges, CC BY-SA 3.0."
)

# Renderings of each pen digit, each with another pen and hand.
COPIES = 8


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("network", metavar="NETWORK", help=" or ".join(zoo.names()))
    parser.add_argument(
        "--data", type=Path, metavar="DIR", help="MNIST's four idx.gz files; fetched if not given"
    )
    parser.add_argument(
        "--strokes", type=Path, metavar="FILE", help="pen digits (JSON or .json.gz) to mix in"
    )
    parser.add_argument(
        "--hold-out",
        metavar="WRITERS",
        help="writers whose pen digits are only measured on, separated by commas (default: every third)",
    )
    parser.add_argument("--seed", type=int, help="of the weights, the order and the distortions")
    parser.add_argument("--epochs", type=int, help="passes over the images")
    parser.add_argument(
        "--out", type=Path, metavar="FILE", help="weights file to write (default: the shipped one)"
    )
    parser.add_argument("--state", type=Path, metavar="FILE", help="where an interrupted training is kept")
    parser.add_argument(
        "--note", default="", help="a sentence for the file's metadata, on the data for instance"
    )


def run(args: argparse.Namespace) -> int:
    """Train, and print what came out; 0 if it did, 1 if it was interrupted, 2 if the data is not usable."""
    try:
        recipe = _recipe(args)
        mnist = data.mnist(args.data or data.fetch())
        strokes, held_out, about_strokes = _strokes(args, recipe.seed)
        about = {
            "data": mnist.digests,
            "strokes": about_strokes,
            "licence": f"{LICENCE} {args.note}".strip(),
        }
        output = args.out or weights_dir() / f"{recipe.network}.safetensors"
        state = args.state or _cached_state(recipe, about)
        train(recipe, mnist.training, mnist.test, output, state, strokes, held_out, about)
    except (DataError, TrainingError, ValueError, OSError) as error:
        print(f"vizapp train: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("\nvizapp train: interrupted; the same command goes on from here", file=sys.stderr)
        return 1
    for name, value in zoo.metadata(output)["accuracy"].items():
        print(f"{name:24} {100 * value:6.2f} %")
    print(f"written to {output}")
    return 0


def _recipe(args: argparse.Namespace) -> Recipe:
    recipe = recipe_for(args.network)
    given = {name: getattr(args, name) for name in ("seed", "epochs") if getattr(args, name) is not None}
    return dataclasses.replace(recipe, **given)


def _strokes(
    args: argparse.Namespace, seed: int
) -> tuple[Examples | None, dict[str, Examples], dict[str, Any] | None]:
    """Training strokes, held-out sets, and what to say of them in the metadata."""
    if args.strokes is None:
        return None, {}, None
    digits = pens.read(args.strokes)
    writers = pens.writers(digits)
    held_out = args.hold_out.split(",") if args.hold_out is not None else writers[2::3]
    if unknown := sorted(set(held_out) - set(writers)):
        raise DataError(f"{args.strokes} has no writer {unknown[0]!r} to hold out")
    training = [name for name in writers if name not in held_out]
    if not training or not held_out:
        raise DataError(f"{args.strokes} needs two writers at least: to train on, and to hold out")
    about = {
        "sha256": hashlib.sha256(args.strokes.read_bytes()).hexdigest(),
        "training_writers": training,
        "held_out_writers": held_out,
        "copies": COPIES,
    }
    return (
        pens.varied(pens.by(digits, training), COPIES, seed),
        {"pen digits, held-out writers": pens.drawn(pens.by(digits, held_out))},
        about,
    )


def _cached_state(recipe: Recipe, about: dict[str, Any]) -> Path:
    """One file per recipe and data, so that trainings never meet each other's state."""
    import pooch

    identity = json.dumps([recipe.as_dict(), about], sort_keys=True).encode()
    name = f"{recipe.network}-{hashlib.sha256(identity).hexdigest()[:16]}.safetensors"
    return Path(pooch.os_cache("vizapp")) / "training" / name
