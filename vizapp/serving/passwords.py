"""A file of people and their hashed passwords, and `vizapp password`, which writes it.

A line for each person: `name:scrypt:N:r:p:salt:key`, salt and key in base64. Whoever reads the file knows no password;
scrypt (C. Percival, RFC 7914) makes guessing take 32 MiB and a tenth of a second a guess.
"""

from __future__ import annotations

import argparse
import base64
import binascii
import getpass
import hashlib
import hmac
import os
import re
import secrets
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

SHORTEST = 8
LONGEST = 1024
_NAME = re.compile(r"[\w.@+-]{1,64}")
_N, _R, _P, _LENGTH = 2**15, 8, 1, 32
_MEMORY = 64 * 2**20


class PasswordError(ValueError):
    """The file, a name or a password is of no use; the message says why."""


@dataclass(frozen=True)
class Hash:
    """What is kept of a password."""

    salt: bytes
    key: bytes
    n: int = _N
    r: int = _R
    p: int = _P

    @classmethod
    def of(cls, password: str) -> Hash:
        salt = secrets.token_bytes(16)
        return cls(salt, _derive(password, salt, _N, _R, _P))

    @classmethod
    def parse(cls, text: str) -> Hash:
        """Raises ValueError."""
        kind, n, r, p, salt, key = text.split(":")
        made = cls(_decode(salt), _decode(key), int(n), int(r), int(p))
        # What it takes to check is bounded by whoever may write the file; a slip of the hand is not.
        if kind != "scrypt" or len(made.key) != _LENGTH or 128 * made.n * made.r > _MEMORY or made.p > 16:
            raise ValueError("not a hash of ours")
        return made

    def __str__(self) -> str:
        return f"scrypt:{self.n}:{self.r}:{self.p}:{_encode(self.salt)}:{_encode(self.key)}"

    def fits(self, password: str) -> bool:
        return hmac.compare_digest(_derive(password, self.salt, self.n, self.r, self.p), self.key)


@dataclass
class PasswordFile:
    """The file, read again whenever it changed."""

    path: Path
    _read: tuple[int, int, int] | None = None
    _people: dict[str, Hash] = field(default_factory=dict)
    _nobody: Hash = field(default_factory=lambda: Hash.of(secrets.token_hex()))

    def people(self) -> dict[str, Hash]:
        """Everybody in it.

        Raises:
            PasswordError: if it cannot be read, or a line of it is no entry.
        """
        try:
            status = self.path.stat()
            state = (status.st_mtime_ns, status.st_size, status.st_ino)
            if state != self._read:
                self._people = dict(map(self._entry, enumerate(_lines(self.path), 1)))
                self._read = state
        except (OSError, UnicodeDecodeError) as error:
            raise PasswordError(f"the file of passwords {self.path} cannot be read: {error}") from error
        return self._people

    def fits(self, name: str, password: str) -> bool:
        """Takes as long for a name that nobody has as for a wrong password."""
        known = self.people().get(name)
        right = (known or self._nobody).fits(password)
        return right and known is not None

    def mark(self, name: str) -> str | None:
        """Changes with the person's password; None for nobody."""
        known = self.people().get(name)
        return None if known is None else hashlib.sha256(known.salt + known.key).hexdigest()[:16]

    def write(self, name: str, password: str) -> bool:
        """Add a person, or give one another password; whether it was one who is known.

        The file is replaced in one piece, and only its owner can read it.

        Raises:
            PasswordError: if the name or the password cannot be taken, or the file is no such file.
        """
        if not _NAME.fullmatch(name):
            raise PasswordError(f"{name!r} is no name: letters, digits and . @ + - _, at most 64 of them")
        if not SHORTEST <= len(password) <= LONGEST:
            raise PasswordError(f"a password has {SHORTEST} to {LONGEST} characters")
        people = dict(self.people()) if self.path.exists() else {}
        known = name in people
        people[name] = Hash.of(password)
        self._replace("".join(f"{who}:{what}\n" for who, what in people.items()))
        return known

    def _entry(self, numbered: tuple[int, str]) -> tuple[str, Hash]:
        number, line = numbered
        name, _, rest = line.partition(":")
        try:
            if not _NAME.fullmatch(name):
                raise ValueError("no name")
            return name, Hash.parse(rest)
        except (ValueError, binascii.Error) as error:
            raise PasswordError(
                f"line {number} of {self.path} is no entry: make them with `vizapp password`"
            ) from error

    def _replace(self, text: str) -> None:
        descriptor, name = tempfile.mkstemp(dir=self.path.parent or Path(), prefix=".passwords-")
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                file.write(text)
            os.replace(name, self.path)
        except BaseException:
            os.unlink(name)
            raise


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", help="who may log in; one who is there already gets another password")
    parser.add_argument(
        "--file", type=Path, required=True, help="file of hashed passwords, for `vizapp serve --passwords`"
    )


def run(args: argparse.Namespace) -> int:
    known = PasswordFile(args.file).write(args.name, _ask())
    print(f"{args.name} has {'another' if known else 'a'} password in {args.file}")
    return 0


def _ask() -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    first = getpass.getpass("Password: ")
    if getpass.getpass("Once more: ") != first:
        raise PasswordError("these were two different passwords: nothing is changed")
    return first


def _derive(password: str, salt: bytes, n: int, r: int, p: int) -> bytes:
    data = password.encode("utf-8", "surrogatepass")
    return hashlib.scrypt(data, salt=salt, n=n, r=r, p=p, maxmem=_MEMORY + 2**20, dklen=_LENGTH)


def _lines(path: Path) -> list[str]:
    lines = (line.strip() for line in path.read_text(encoding="utf-8").splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def _encode(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _decode(text: str) -> bytes:
    return base64.b64decode(text, validate=True)
