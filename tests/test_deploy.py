"""The files in deploy/ fit vizapp and each other: what is renamed here has to be renamed there."""

from __future__ import annotations

import json
import re
import runpy
import shlex
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml

from vizapp import __version__
from vizapp.cli import _parser
from vizapp.serving import metrics
from vizapp.serving.options import Options

ROOT = Path(__file__).resolve().parent.parent
DEPLOY = ROOT / "deploy"
KUBERNETES = DEPLOY / "kubernetes"


def text(name: str) -> str:
    return (DEPLOY / name).read_text("utf-8")


def objects() -> Iterator[dict[str, Any]]:
    for path in KUBERNETES.glob("*.yaml"):
        if path.name not in ("kustomization.yaml", "prometheus-adapter-values.yaml"):
            yield from yaml.safe_load_all(path.read_text("utf-8"))


def of_kind(kind: str) -> dict[str, Any]:
    [found] = [one for one in objects() if one["kind"] == kind]
    return found


def container() -> dict[str, Any]:
    [one] = of_kind("Deployment")["spec"]["template"]["spec"]["containers"]
    return dict(one)


def entrypoint() -> list[str]:
    """The arguments that every container of the image has."""
    [line] = [line for line in text("container/Containerfile").splitlines() if line.startswith("ENTRYPOINT")]
    words = json.loads(line.removeprefix("ENTRYPOINT "))
    assert words[:2] == ["sh", "-c"]
    command = words[2].rpartition("exec ")[2]
    assert command.endswith(' "$@"')
    return shlex.split(command.removesuffix(' "$@"'))[2:]


def hub_service() -> dict[str, Any]:
    """What the configuration gives JupyterHub to start."""
    config = SimpleNamespace(JupyterHub=SimpleNamespace(services=[], load_roles=[]))
    runpy.run_path(str(DEPLOY / "jupyterhub" / "jupyterhub_config.py"), {"get_config": lambda: config})
    [service] = config.JupyterHub.services
    return dict(service)


def commands() -> Iterator[tuple[str, list[str]]]:
    """All that is started: where it says so, and the arguments of `vizapp`."""
    yield "Containerfile", ["serve", *entrypoint()]
    services = yaml.safe_load(text("container/compose.yaml"))["services"]
    for name, service in services.items():
        if "command" in service:
            given = [re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", word) for word in service["command"]]
            yield f"compose.yaml {name}", ["serve", *entrypoint(), *given]
    yield "deployment.yaml", ["serve", *entrypoint(), *container()["args"]]
    [start] = re.findall(r"^ExecStart=\S+/vizapp (.*)$", text("systemd/vizapp@.service"), re.MULTILINE)
    yield "vizapp@.service", shlex.split(start.replace("%i", "5006"))
    service = hub_service()["command"]
    yield "jupyterhub_config.py", service[service.index("vizapp") + 1 :]
    for name in ("deploy/README.md", "docs/hosting.md"):
        for line in shown((ROOT / name).read_text("utf-8")):
            yield f"{name}: {line[:40]}", shlex.split(line, comments=True)


def shown(prose: str) -> Iterator[str]:
    """What follows `vizapp` in the commands of a text, which may go on in the next line."""
    blocks = re.findall(r"(?:^ {4,}\S.*\n)+", prose.replace("\\\n", " "), re.MULTILINE)
    for block in blocks:
        for found in re.finditer(r"\bvizapp (?=(?:serve|password) )", block):
            lines = block[found.end() :].split("\n")
            # A quotation may have several lines.
            whole = (
                line for i in range(len(lines)) if (line := "\n".join(lines[: i + 1])).count("'") % 2 == 0
            )
            yield next(whole)


def test_every_command_line_is_one(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("VIZAPP_OAUTH_SECRET", "that the other site gave")
    for where, arguments in commands():
        try:
            args = _parser(arguments[0]).parse_args(arguments)
            if arguments[0] == "serve":
                Options.of(args)
        except (SystemExit, ValueError) as error:
            pytest.fail(f"{where}: {error} {capsys.readouterr().err}")


def test_commands_were_found_everywhere() -> None:
    found = " ".join(where for where, _ in commands())
    for name in ("Containerfile", "compose", "deployment", "@.service", "jupyterhub", "hosting.md"):
        assert name in found


def test_both_files_of_nginx_say_the_same() -> None:
    """But for the servers and the host."""

    def essence(name: str) -> list[str]:
        lines = (re.sub(r"\s*#.*", "", line).strip() for line in text(name).splitlines())
        return [line for line in lines if line and not line.startswith(("server_name ", "server "))]

    assert essence("nginx/vizapp.conf") == essence("container/nginx.conf")
    servers = [
        re.findall(r"^  server (\S+):(\d+) max_fails=0;$", text(name), re.MULTILINE)
        for name in ("nginx/vizapp.conf", "container/nginx.conf")
    ]
    assert servers == [
        [("127.0.0.1", "5006"), ("127.0.0.1", "5007")],
        [("server-a", "5006"), ("server-b", "5006")],
    ]


def test_no_proxy_is_less_patient_than_the_server_is_silent() -> None:
    [often] = re.findall(
        r"keep_alive_milliseconds=([\d_]+)", (ROOT / "vizapp" / "server.py").read_text("utf-8")
    )
    seconds = int(often) / 1000
    said = [
        *re.findall(r"proxy_(?:read|send)_timeout (\d+)s;", text("nginx/vizapp.conf")),
        *re.findall(r'proxy-(?:read|send)-timeout: "(\d+)"', text("kubernetes/ingress.yaml")),
    ]
    assert len(said) == 4
    assert all(int(one) > 3 * seconds for one in said)


def test_kustomization_names_what_is_there() -> None:
    named = yaml.safe_load(text("kubernetes/kustomization.yaml"))
    there = {path.name for path in KUBERNETES.glob("*.yaml")}
    assert set(named["resources"]) == there - {"kustomization.yaml", "prometheus-adapter-values.yaml"}
    assert named["images"][0]["name"] == container()["image"]
    assert named["images"][0]["newTag"] == __version__


def test_names_and_ports_in_kubernetes_fit() -> None:
    labels = {"app.kubernetes.io/name": "vizapp"}
    deployment, service = of_kind("Deployment"), of_kind("Service")
    assert deployment["spec"]["template"]["metadata"]["labels"] == labels
    for selector in (
        deployment["spec"]["selector"]["matchLabels"],
        service["spec"]["selector"],
        of_kind("PodDisruptionBudget")["spec"]["selector"]["matchLabels"],
        of_kind("NetworkPolicy")["spec"]["podSelector"]["matchLabels"],
    ):
        assert selector == labels
    ports = {port["name"]: port["containerPort"] for port in container()["ports"]}
    options = Options.of(_parser("serve").parse_args(["serve", *entrypoint(), *container()["args"]]))
    assert options.metrics is not None
    assert ports == {"http": options.port, "metrics": options.metrics.port}
    for probe in ("startupProbe", "readinessProbe", "livenessProbe"):
        asked = container()[probe]["httpGet"]
        assert asked["port"] in ports
        assert asked["path"] in ("/healthz", "/readyz")
    grace = deployment["spec"]["template"]["spec"]["terminationGracePeriodSeconds"]
    assert options.drain + 10 <= grace  # 5 s of sleep before the signal, and 5 to end
    assert options.trust_proxy
    # Nobody outside is told the metrics.
    assert [port["targetPort"] for port in service["spec"]["ports"]] == ["http"]


def test_the_autoscaler_asks_for_a_metric_that_is_there() -> None:
    [target] = of_kind("HorizontalPodAutoscaler")["spec"]["metrics"]
    name = target["pods"]["metric"]["name"]
    [rule] = yaml.safe_load(text("kubernetes/prometheus-adapter-values.yaml"))["rules"]["custom"]
    assert rule["name"]["as"] == name
    series = rule["seriesQuery"].partition("{")[0]
    assert re.fullmatch(rule["name"]["matches"], series)
    assert f'"{series}"' in Path(metrics.__file__).read_text("utf-8")
    # Another one is asked for well before this one is full.
    options = Options.of(_parser("serve").parse_args(["serve", *container()["args"]]))
    assert options.max_sessions is not None
    assert int(target["pods"]["target"]["averageValue"]) <= options.max_sessions / 2
