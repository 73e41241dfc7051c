"""Has a kernel run code: `python tell_kernel.py CONNECTION_FILE EXPRESSION < code`. Prints the text that this is."""

from __future__ import annotations

import ast
import sys

from jupyter_client.blocking.client import BlockingKernelClient
from running import PATIENCE

if __name__ == "__main__":
    client = BlockingKernelClient(connection_file=sys.argv[1])
    client.load_connection_file()
    client.start_channels()
    client.wait_for_ready(timeout=PATIENCE)
    # In the answer, and not printed: the page's messages run beside it, and take what is printed for theirs.
    asked = {"told": sys.argv[2]}
    reply = client.execute_interactive(sys.stdin.read(), timeout=PATIENCE, user_expressions=asked)["content"]
    told = reply.get("user_expressions", {}).get("told", {})
    if reply["status"] != "ok" or told["status"] != "ok":
        sys.exit("\n".join([*reply.get("traceback", []), *told.get("traceback", []), "it failed"]))
    print(ast.literal_eval(told["data"]["text/plain"]))
