"""Check the types of the page's TypeScript, with the compiler that package-lock.json pins."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
JS = ROOT / "vizapp" / "views" / "js"


def main() -> int:
    sys.path.insert(0, str(ROOT))
    from hatch_build import node_and_npm

    node, npm = node_and_npm()
    path = os.pathsep.join([str(Path(node).parent), os.environ.get("PATH", "")])
    env = {**os.environ, "PATH": path}
    if not (JS / "node_modules" / "typescript").is_dir():
        installed = subprocess.run([*npm, "ci", "--ignore-scripts", "--silent"], cwd=JS, env=env, check=False)
        if installed.returncode != 0:
            print("vizapp: `npm ci` could not install the TypeScript compiler", file=sys.stderr)
            return installed.returncode
    return subprocess.run([*npm, "run", "--silent", "check"], cwd=JS, env=env, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
