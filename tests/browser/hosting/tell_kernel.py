"""Has a running kernel run code: `python tell_kernel.py CONNECTION_FILE < code`. Prints what that prints."""

from __future__ import annotations

import sys
from typing import Any

from jupyter_client.blocking.client import BlockingKernelClient
from running import PATIENCE


def hear(message: dict[str, Any]) -> None:
    sys.stdout.write(message["content"].get("text", ""))


if __name__ == "__main__":
    client = BlockingKernelClient(connection_file=sys.argv[1])
    client.load_connection_file()
    client.start_channels()
    client.wait_for_ready(timeout=PATIENCE)
    reply = client.execute_interactive(sys.stdin.read(), timeout=PATIENCE, output_hook=hear)
    if reply["content"]["status"] != "ok":
        sys.exit("\n".join(reply["content"].get("traceback", ["it ended"])))
