"""The file of people and hashed passwords."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from served import PATIENCE, ROOT

from vizapp.serving.passwords import Hash, PasswordError, PasswordFile


@pytest.fixture
def file(tmp_path: Path) -> PasswordFile:
    made = PasswordFile(tmp_path / "people")
    assert not made.write("alice", "correct horse")
    return made


def test_who_has_the_password_fits_and_nobody_else(file: PasswordFile) -> None:
    assert file.fits("alice", "correct horse")
    assert not file.fits("alice", "correct hors")
    assert not file.fits("bob", "correct horse")
    assert not file.fits("", "")


def test_the_file_has_no_password_and_is_the_owners_alone(file: PasswordFile) -> None:
    text = file.path.read_text()
    assert "correct" not in text
    assert text.startswith("alice:scrypt:32768:8:1:")
    assert stat.S_IMODE(file.path.stat().st_mode) == 0o600


def test_the_same_password_has_another_hash_for_everybody() -> None:
    assert str(Hash.of("correct horse")) != str(Hash.of("correct horse"))


def test_a_hash_is_that_of_rfc_7914() -> None:
    """Its second test vector, with our length."""
    key = bytes.fromhex("fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162")
    assert Hash(b"NaCl", key, n=1024, r=8, p=16).fits("password")


def test_what_is_changed_counts_at_once(file: PasswordFile) -> None:
    before = file.mark("alice")
    other = PasswordFile(file.path)
    assert other.write("alice", "battery staple")
    other.write("bob", "another one")
    assert file.fits("alice", "battery staple")
    assert not file.fits("alice", "correct horse")
    assert file.mark("alice") not in (None, before)
    file.path.write_text("\n# nobody is left\n")
    assert file.mark("alice") is None
    assert not file.fits("alice", "battery staple")


@pytest.mark.parametrize(
    ("name", "password"),
    [
        ("a:b", "long enough"),
        ("", "long enough"),
        ("a b", "long enough"),
        ("a" * 65, "long enough"),
        ("alice", "short"),
        ("alice", "x" * 2000),
    ],
)
def test_what_cannot_be_taken_is_told(tmp_path: Path, name: str, password: str) -> None:
    with pytest.raises(PasswordError):
        PasswordFile(tmp_path / "people").write(name, password)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "line",
    [
        "alice",
        "alice:secret",
        "alice:bcrypt:1:1:1:AAAA:AAAA",
        "alice:scrypt:32768:8:1:AAAA:AAAA",
        f"alice:scrypt:{2**40}:8:1:AAAA:{'A' * 43}=",
        "alice:scrypt:x:8:1:AAAA:AAAA",
        "a b:scrypt:32768:8:1:AAAA:AAAA",
    ],
)
def test_a_line_that_is_no_entry_is_named_and_not_shown(tmp_path: Path, line: str) -> None:
    path = tmp_path / "people"
    path.write_text(f"# people\n{line}\n")
    with pytest.raises(PasswordError, match="line 1 of") as told:
        PasswordFile(path).people()
    assert "secret" not in str(told.value)


def test_the_command_takes_the_password_from_its_input(tmp_path: Path) -> None:
    path = tmp_path / "people"

    def command(password: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "vizapp", "password", "carol", "--file", str(path)],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            input=f"{password}\n",
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )

    made = command("with a space ")
    assert (made.returncode, made.stderr) == (0, "")
    assert PasswordFile(path).fits("carol", "with a space ")
    refused = command("short")
    assert refused.returncode == 2
    assert refused.stderr == "vizapp password: a password has 8 to 1024 characters\n"
