"""What all tests share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from served import Served

import vizapp  # noqa: F401  (before any test imports NumPy: two BLAS threads make training fifty times slower)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """One running `vizapp serve` for all tests that leave it as it was."""
    with Served(tmp_path_factory.mktemp("server") / "log") as server:
        yield server


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """Show the server's log where a test that used it failed."""
    report = yield
    served = getattr(item, "funcargs", {}).get("server")
    if report.failed and isinstance(served, Served):
        report.sections.append(("log of the server", served.log[-8000:]))
    return report
