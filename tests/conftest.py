"""What all tests share.

vizapp is imported here, before any test imports NumPy: two BLAS threads make training fifty times slower.
"""

from __future__ import annotations

import signal
from collections.abc import Iterator

import pytest
from hypothesis import settings
from sampled import trace
from served import Served

from vizapp import nets
from vizapp.nets import Trace

# A test that is slow is not wrong: machines may be busy.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")
# A background job of a shell ignores Ctrl+C, and so would everything that is started from it.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """One running `vizapp serve` for all tests that leave it as it was."""
    with Served(tmp_path_factory.mktemp("server") / "log") as server:
        yield server


@pytest.fixture(params=nets.names())
def present(request: pytest.FixtureRequest) -> Trace:
    """What each network makes of the first sample drawing."""
    return trace(request.param)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """Show the server's log where a test that used it failed."""
    report = yield
    served = getattr(item, "funcargs", {}).get("server")
    if report.failed and isinstance(served, Served):
        report.sections.append(("log of the server", served.log[-8000:]))
    return report
