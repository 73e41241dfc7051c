"""A server as a container has it: nothing to write to but /tmp, no network to ask, no rights."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.browser.hosting import parts

pytestmark = pytest.mark.hosting

ROOT = Path(__file__).resolve().parent.parent.parent
WITHIN = """
import asyncio, os
from pathlib import Path
from served import Served
from tests.serving.person import visiting
from tests.serving.web import Visitor

for folder in (Path.cwd(), Path("/etc"), Path("/var/tmp")):
    try:
        (folder / "vizapp-test").touch()
    except OSError:
        continue
    raise AssertionError(f"{folder} can be written to")
assert os.getuid() == 10001

async def draw(server):
    async with visiting(server) as person:
        await person.open()
        frame = await person.draw([(0.3, 0.2), (0.7, 0.2), (0.45, 0.8)])
        assert frame["ack"] == 1

with Served(Path("/tmp/log"), "--metrics", "9100") as server:
    asyncio.run(draw(server))
    assert Visitor("http://127.0.0.1:9100/").ask("healthz").status == 200
    assert server.end() == 0
print("drew")
"""


def test_it_draws_with_a_read_only_root_and_nobody_to_ask(tmp_path: Path) -> None:
    sandbox = [
        *(parts.find("bwrap"), "--unshare-all", "--die-with-parent", "--uid", "10001", "--gid", "10001"),
        *("--ro-bind", "/", "/", "--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp", "--cap-drop", "ALL"),
        # Where the checkout or its Python are below /tmp.
        *("--ro-bind", str(ROOT), str(ROOT), "--ro-bind", sys.prefix, sys.prefix, "--chdir", str(ROOT)),
    ]
    possible = subprocess.run([*sandbox, "true"], capture_output=True, text=True, check=False)
    if possible.returncode != 0:
        pytest.skip(f"this machine lets nobody make a sandbox: {possible.stderr.strip()}")
    env = {
        **{name: value for name, value in os.environ.items() if name in ("PATH", "OPENBLAS_NUM_THREADS")},
        "HOME": "/tmp",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}",
    }
    done = subprocess.run(
        [*sandbox, sys.executable, "-c", WITHIN],
        env=env,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.stdout.endswith("drew\n"), done.stdout + done.stderr
