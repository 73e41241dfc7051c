"""A real JupyterHub with its real proxy, from the configuration in deploy/jupyterhub as it stands there."""

from __future__ import annotations

import json
import sys
from contextlib import suppress
from pathlib import Path
from urllib.request import urlopen

from lab import SETTINGS
from parts import ROOT, hub_proxy
from running import PATIENCE, Running

from tests.serving.test_limits import free_port

DEPLOYED = ROOT / "deploy" / "jupyterhub" / "jupyterhub_config.py"
ADDED = """
import sys
c = get_config()
load_subconfig({deployed!r})
c.JupyterHub.bind_url = "http://127.0.0.1:{port}"
c.JupyterHub.hub_port = {port} + 1
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:{port_of_proxy}"
c.ConfigurableHTTPProxy.command = {proxy!r}
c.ConfigurableHTTPProxy.pid_file = {folder!r} + "/proxy.pid"
c.JupyterHub.db_url = "sqlite:///" + {folder!r} + "/hub.sqlite"
c.JupyterHub.cookie_secret_file = {folder!r} + "/secret"
# Everybody, with any password; all of them as the one user who runs this.
c.JupyterHub.authenticator_class = "dummy"
c.Authenticator.allow_all = True
c.JupyterHub.load_groups = {{"course": {{"users": ["alice"]}}}}
c.JupyterHub.spawner_class = "simple"
c.SimpleLocalProcessSpawner.home_dir_template = {folder!r} + "/{{username}}"
c.Spawner.cmd = [sys.executable, "-m", "jupyterhub.singleuser"]
c.Spawner.args = ["--allow-root"]
c.Spawner.default_url = "/lab"
c.Spawner.start_timeout = c.Spawner.http_timeout = {patience}
c.Spawner.environment = {environment!r}
"""


class Hub(Running):
    """`with Hub(tmp_path) as hub: ... hub.url`. Alice is in the group that may use the service; others are not.

    `temporary` is where its users' servers put what is temporary.
    """

    def __init__(self, folder: Path) -> None:
        # Short: the name of a socket has at most a hundred characters.
        self.temporary = folder / "t"
        settings = folder / "settings"
        for path in (self.temporary, settings):
            path.mkdir()
        for name, values in SETTINGS.items():
            file = settings / f"{name}.jupyterlab-settings"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(json.dumps(values), "utf-8")
        port = free_port(4)
        self.url = f"http://127.0.0.1:{port}/"
        config = folder / "config.py"
        config.write_text(
            ADDED.format(
                deployed=str(DEPLOYED),
                folder=str(folder),
                port=port,
                port_of_proxy=port + 2,
                proxy=hub_proxy(),
                patience=PATIENCE,
                environment={
                    "TMPDIR": str(self.temporary),
                    "JUPYTERLAB_SETTINGS_DIR": str(settings),
                    "JUPYTER_PREFER_ENV_PATH": "1",
                },
            ),
            "utf-8",
        )
        environment = {
            "HUB_HOSTS": f"127.0.0.1:{port}",
            "HUB_API_URL": f"http://127.0.0.1:{port + 1}/hub/api",
            "VIZAPP_PORT": str(port + 3),
            "VIZAPP_GROUP": "course",
        }
        # It ends its proxy, the service and its users' servers itself.
        command = [sys.executable, "-m", "jupyterhub", "-f", str(config)]
        super().__init__(command, folder / "log", folder, environment)

    def has_begun(self) -> bool:
        # The service is among its routes as soon as the Hub says that it is there.
        return self._answers() and "JupyterHub is now running" in self.log

    def _answers(self) -> bool:
        # Its proxy is there earlier and knows of nothing.
        with suppress(OSError), urlopen(f"{self.url}hub/api", timeout=PATIENCE) as answer:
            return bool(answer.status == 200)
        return False
