"""Look whether a pinned dependency of the app is known to be vulnerable: `python tools/audit.py`.

pip-audit asks PyPI's list of advisories. Where that cannot be reached, nothing is audited; that is said in so many
words and is no failure, since a machine without a network cannot help it. A vulnerability is one.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "requirements" / "run.txt"
PATIENCE = 240


def audit() -> int:
    command = [
        sys.executable,
        "-m",
        "pip_audit",
        "--requirement",
        str(LOCK),
        "--disable-pip",
        "--require-hashes",
    ]
    command += ["--format", "json", "--progress-spinner", "off", "--timeout", "20"]
    try:
        outcome = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)
    except subprocess.TimeoutExpired:
        return skipped(f"it took more than {PATIENCE} s")
    try:
        packages = json.loads(outcome.stdout)["dependencies"]
    except (ValueError, KeyError, TypeError):
        return skipped((outcome.stderr.strip().splitlines() or ["pip-audit said nothing"])[-1][:200])
    found = [(one, flaw) for one in packages for flaw in one.get("vulns", [])]
    for one, flaw in found:
        better = ", ".join(flaw.get("fix_versions", [])) or "none yet"
        print(f"vizapp: {one['name']} {one['version']}: {flaw['id']}, repaired in: {better}")
    print(f"vizapp: audited {len(packages)} dependencies, {len(found)} known vulnerabilities")
    return 1 if found else 0


def skipped(why: str) -> int:
    line = "*" * 72
    print(f"{line}\nvizapp: NOTICE: the dependencies were NOT audited: {why}\n{line}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(audit())
