"""tools/audit.py: a vulnerability fails, a machine without a network is told about and does not."""

from __future__ import annotations

import importlib.util
import json
import subprocess
from typing import Any

import pytest
from served import ROOT


@pytest.fixture
def tool() -> Any:
    spec = importlib.util.spec_from_file_location("audit_tool", ROOT / "tools" / "audit.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def said(tool: Any, monkeypatch: pytest.MonkeyPatch, stdout: str, stderr: str = "", code: int = 0) -> int:
    def run(*_: Any, **__: Any) -> subprocess.CompletedProcess[str]:
        return subprocess.CompletedProcess([], code, stdout, stderr)

    monkeypatch.setattr(tool.subprocess, "run", run)
    result: int = tool.audit()
    return result


def report(*flaws: dict[str, Any]) -> str:
    return json.dumps(
        {"dependencies": [{"name": "tornado", "version": "1.0", "vulns": list(flaws)}], "fixes": []}
    )


def test_a_vulnerability_fails_and_is_named(
    tool: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert said(tool, monkeypatch, report({"id": "PYSEC-1", "fix_versions": ["1.1"]}), code=1) == 1
    assert "tornado 1.0: PYSEC-1, repaired in: 1.1" in capsys.readouterr().out


def test_without_one_it_is_well(
    tool: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert said(tool, monkeypatch, report()) == 0
    assert "audited 1 dependencies, 0 known" in capsys.readouterr().out


def test_without_a_network_it_is_told_in_so_many_words(
    tool: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert said(tool, monkeypatch, "", "ERROR:pip_audit:Could not connect to PyPI", code=1) == 0
    assert (
        "NOTICE: the dependencies were NOT audited: ERROR:pip_audit:Could not connect"
        in capsys.readouterr().out
    )
