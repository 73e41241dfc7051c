"""Those arguments of `vizapp serve` that are for hosts: who may come in, how many, and what is told about it."""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

SECRET = "VIZAPP_OAUTH_SECRET"
SECRET_FILE = "VIZAPP_OAUTH_SECRET_FILE"
PROVIDERS = (
    "auth0", "auth_code", "azure", "azurev2", "bitbucket", "generic", "github", "gitlab", "google", "okta",
)  # fmt: skip
"""Of Panel, without those that ask for the password themselves. generic is any OpenID Connect."""


class HostingError(ValueError):
    """The arguments do not go together; the message says what is missing."""


@dataclass(frozen=True)
class OAuth:
    """What Panel's login through another site takes."""

    provider: str
    key: str
    secret: str | None = field(repr=False)
    redirect: str | None = None
    extra: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Place:
    """An address and a port to listen on."""

    address: str
    port: int


def add_arguments(parser: argparse.ArgumentParser) -> None:
    login = parser.add_argument_group("who may come in (docs/hosting.md; default: everybody)")
    login.add_argument(
        "--passwords",
        type=Path,
        metavar="FILE",
        help="people and hashed passwords, as `vizapp password` writes",
    )
    login.add_argument(
        "--oauth-provider",
        choices=PROVIDERS,
        help="log in through another site; generic is any OpenID Connect",
    )
    login.add_argument("--oauth-key", metavar="ID", help="what that site knows this one by")
    login.add_argument(
        "--oauth-redirect-uri", metavar="URL", help="address of the page, as the other site has it on record"
    )
    login.add_argument(
        "--oauth-extra-params",
        type=_texts,
        default={},
        metavar="JSON",
        help="as Panel takes them: the generic provider's AUTHORIZE_URL, TOKEN_URL, USER_URL, USER_KEY, scope. "
        f"The secret comes from the environment: {SECRET}, or {SECRET_FILE}, which names a file",
    )
    login.add_argument(
        "--allow-user",
        dest="users",
        action="append",
        default=[],
        metavar="NAME",
        help="of those that can log in, only these may; *@example.org for a whole domain; may be given again",
    )
    login.add_argument(
        "--trust-proxy",
        action="store_true",
        help="believe X-Forwarded-For and X-Forwarded-Proto; only where nobody reaches the port but by your proxy",
    )
    limits = parser.add_argument_group("for many people (docs/hosting.md)")
    limits.add_argument(
        "--max-sessions", type=_count, metavar="N", help="open pages to a process (default: no limit)"
    )
    limits.add_argument(
        "--idle-minutes",
        type=_positive,
        metavar="M",
        help="a page on which nobody did anything for so long is paused, and its place given away (default: never)",
    )
    limits.add_argument(
        "--drain",
        type=_seconds,
        default=10.0,
        metavar="SECONDS",
        help="after SIGTERM, for pages to save what was drawn (default: %(default)s)",
    )
    limits.add_argument(
        "--metrics",
        type=_place,
        metavar="[ADDRESS:]PORT",
        help="Prometheus metrics and probes on a port of their own, on this machine only unless an address is given; "
        "with --num-procs, the second process takes the next port, and so on",
    )
    limits.add_argument(
        "--log-format", choices=("text", "json"), default="text", help="json: one object a line"
    )


def oauth_of(args: argparse.Namespace) -> OAuth | None:
    """Raises HostingError."""
    if args.oauth_provider is None:
        return None
    if args.passwords is not None:
        raise HostingError("give --passwords or --oauth-provider, not both")
    if not args.oauth_key:
        raise HostingError("--oauth-provider needs --oauth-key: what the other site knows this one by")
    secret = _secret()
    if secret is None and args.oauth_provider != "auth_code":
        raise HostingError(
            f"--oauth-provider needs the secret in {SECRET}, or the name of its file in {SECRET_FILE}"
        )
    if not args.users and args.oauth_provider not in ("generic", "okta", "auth0"):
        raise HostingError(
            f"with {args.oauth_provider}, everybody who has an account there could log in: "
            "say who may with --allow-user; '*' for really everybody"
        )
    return OAuth(
        args.oauth_provider, args.oauth_key, secret, args.oauth_redirect_uri, dict(args.oauth_extra_params)
    )


def _secret() -> str | None:
    path = os.environ.get(SECRET_FILE)
    if path is None:
        return os.environ.get(SECRET)
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise HostingError(f"{SECRET_FILE}: {error}") from error


def _texts(text: str) -> dict[str, str]:
    try:
        value = json.loads(text)
    except ValueError:
        value = None
    if not isinstance(value, dict) or not all(isinstance(one, str) for one in value.values()):
        raise argparse.ArgumentTypeError(f"{text!r} is no JSON object of texts")
    return value


def _count(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 100_000:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of pages from 1 on")
    return int(text)


def _positive(text: str) -> float:
    value = _seconds(text)
    if value <= 0:
        raise argparse.ArgumentTypeError(f"{text!r} is no time")
    return value


def _seconds(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value <= 1e6:
        raise argparse.ArgumentTypeError(f"{text!r} is no time")
    return value


def _place(text: str) -> Place:
    address, _, port = text.rpartition(":")
    if not port.isascii() or not port.isdigit() or not 0 < int(port) < 65536:
        raise argparse.ArgumentTypeError(f"{text!r} is no port: give one like 9100, or 0.0.0.0:9100")
    return Place(address.strip("[]") or "127.0.0.1", int(port))
