"""A real JupyterLab on a free port, with nothing of the person's own settings, and a notebook in it."""

from __future__ import annotations

import json
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

from running import PATIENCE, Running

TOKEN = "a-token-for-the-test"
SETTINGS = {
    # It asks other hosts for news, and covers the page with the question whether it may.
    "@jupyterlab/apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
    "@jupyterlab/apputils-extension/themes": {"theme": "JupyterLab Light"},
}


class Lab(Running):
    """`with Lab(tmp_path) as lab: ... lab.address("a.ipynb")`. `log` is what it and its kernels wrote to stderr."""

    def __init__(self, folder: Path, theme: str = "JupyterLab Light") -> None:
        self.files = folder / "files"
        self._runtime = folder / "runtime"
        settings = folder / "settings"
        for path in (self.files, self._runtime, settings):
            path.mkdir(parents=True)
        for name, values in {**SETTINGS, "@jupyterlab/apputils-extension/themes": {"theme": theme}}.items():
            file = settings / f"{name}.jupyterlab-settings"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(json.dumps(values), "utf-8")
        own = {
            "JUPYTER_CONFIG_DIR": folder / "config",
            "JUPYTER_DATA_DIR": folder / "data",
            "JUPYTER_RUNTIME_DIR": self._runtime,
            "JUPYTERLAB_SETTINGS_DIR": settings,
            "JUPYTERLAB_WORKSPACES_DIR": folder / "workspaces",
            "IPYTHONDIR": folder / "ipython",
            "HOME": folder,
        }
        environment = {"JUPYTER_PREFER_ENV_PATH": "1", **{name: str(path) for name, path in own.items()}}
        # It ends its kernels itself.
        command = [
            *(sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root"),
            *("--ip=127.0.0.1", "--port=0", f"--IdentityProvider.token={TOKEN}"),
            f"--ServerApp.root_dir={self.files}",
        ]
        super().__init__(command, folder / "log", folder, environment)

    def has_begun(self) -> bool:
        # It writes down where it can be reached as soon as it can.
        for file in self._runtime.glob("jpserver-*.json"):
            with suppress(ValueError):
                self.url = str(json.loads(file.read_text("utf-8"))["url"])
                return True
        return False

    def write(self, name: str, *cells: str) -> str:
        """A notebook of these cells; its address."""
        made = [
            {
                "cell_type": "code",
                "id": f"c{i}",
                "metadata": {},
                "source": source,
                "outputs": [],
                "execution_count": None,
            }
            for i, source in enumerate(cells)
        ]
        kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
        content = {"cells": made, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}
        (self.files / name).write_text(json.dumps(content), "utf-8")
        return self.address(name)

    def address(self, name: str) -> str:
        return f"{self.url}lab/tree/{name}?token={TOKEN}&reset"

    def read(self, name: str) -> dict[str, Any]:
        content: dict[str, Any] = json.loads((self.files / name).read_text("utf-8"))
        return content

    def sessions(self) -> list[dict[str, Any]]:
        """Which notebooks have which kernels."""
        found: list[dict[str, Any]] = json.loads(self._ask("GET", "api/sessions"))
        return found

    def connection(self, name: str) -> Path:
        """The file that says how the kernel of this notebook is reached."""
        kernel = next(one["kernel"]["id"] for one in self.sessions() if one["path"] == name)
        return self._runtime / f"kernel-{kernel}.json"

    def forget(self, session: str) -> None:
        self._ask("DELETE", f"api/sessions/{session}")

    def _ask(self, method: str, path: str) -> bytes:
        request = Request(f"{self.url}{path}", method=method, headers={"Authorization": f"token {TOKEN}"})
        with urlopen(request, timeout=PATIENCE) as answer:
            content: bytes = answer.read()
        return content
