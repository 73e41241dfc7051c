"""What other makers' checkers say of the files in deploy/. tests/test_deploy.py has what needs none of them."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.browser.hosting import parts

pytestmark = pytest.mark.hosting

DEPLOY = Path(__file__).resolve().parent.parent.parent / "deploy"
MANIFESTS = sorted(
    path
    for path in (DEPLOY / "kubernetes").glob("*.yaml")
    if path.name not in ("kustomization.yaml", "prometheus-adapter-values.yaml")
)
# As old as the oldest release that is looked after, and the newest that the checker knows.
KUBERNETES = ("1.31", "1.37")


def passes(*command: str | Path) -> str:
    """Run a checker; what it said. The test fails if it complained."""
    words = [str(word) for word in command]
    done = subprocess.run(words, capture_output=True, text=True, timeout=120, check=False)
    said = done.stdout + done.stderr
    assert done.returncode == 0, f"{' '.join(words)}\n{said}"
    return said


def tool(name: str) -> Path:
    """A program that the test environment has among its packages."""
    return Path(sys.executable).with_name(name)


@pytest.mark.parametrize("name", ["nginx/vizapp.conf", "container/nginx.conf"])
def test_nginx_takes_the_file(name: str, tmp_path: Path) -> None:
    # The servers' names are those of containers, which are not here.
    text = (
        (DEPLOY / name)
        .read_text("utf-8")
        .replace("server-a:", "127.0.0.1:")
        .replace("server-b:", "127.0.0.2:")
    )
    (tmp_path / "vizapp.conf").write_text(text, "utf-8")
    (tmp_path / "nginx.conf").write_text(
        f"pid {tmp_path}/pid; events {{}} http {{ access_log off; include {tmp_path}/vizapp.conf; }}", "utf-8"
    )
    arguments = ("-t", "-q", "-e", tmp_path / "errors", "-p", tmp_path, "-c", tmp_path / "nginx.conf")
    said = passes(parts.find("nginx"), *arguments)
    assert "[warn]" not in said.replace('the "user" directive', "")


def test_caddy_takes_the_file(tmp_path: Path) -> None:
    homes = [f"XDG_{name}_HOME={tmp_path}" for name in ("CONFIG", "DATA")]
    file = DEPLOY / "caddy" / "Caddyfile"
    passes("env", *homes, parts.find("caddy"), "validate", "--config", file, "--adapter", "caddyfile")


def test_compose_file_is_one() -> None:
    passes(
        tool("check-jsonschema"),
        "--builtin-schema",
        "vendor.compose-spec",
        DEPLOY / "container" / "compose.yaml",
    )


def test_compose_file_as_docker_reads_it() -> None:
    docker = shutil.which("docker")
    if docker is None or subprocess.run([docker, "compose", "version"], capture_output=True).returncode != 0:
        pytest.skip("there is no `docker compose` here; the schema was checked")
    key = "VIZAPP_SECRET_KEY=correct horse battery staple and some more"
    passes(
        "env", key, docker, "compose", "--file", DEPLOY / "container" / "compose.yaml", "config", "--quiet"
    )


def test_containerfile_follows_good_practice() -> None:
    passes(tool("hadolint"), DEPLOY / "container" / "Containerfile")


@pytest.mark.parametrize("version", KUBERNETES)
def test_manifests_are_valid(version: str) -> None:
    assert len(MANIFESTS) == 6
    passes(tool("kubernetes-validate"), "--strict", "-k", version, *MANIFESTS)


def test_kustomization_as_kubectl_reads_it() -> None:
    kubectl = shutil.which("kubectl")
    if kubectl is None:
        pytest.skip("there is no kubectl here; tests/test_deploy.py compares the names")
    made = passes(kubectl, "kustomize", DEPLOY / "kubernetes")
    assert "image: registry.example.org/vizapp:" in made
    assert made.count("\nkind: ") == 6


def test_systemd_takes_the_unit(tmp_path: Path) -> None:
    text = (DEPLOY / "systemd" / "vizapp@.service").read_text("utf-8")
    assert text.count("/opt/vizapp/bin/vizapp ") == 1
    unit = tmp_path / "vizapp@5006.service"
    # The program has to be there.
    unit.write_text(text.replace("/opt/vizapp/bin/vizapp ", f"{sys.executable} "), "utf-8")
    analyze = parts.find("systemd-analyze")
    said = passes(analyze, "verify", unit)
    assert unit.name not in said, said
    # In tenths, as exposed as a service can be being 100: 15 is what systemd calls OK.
    passes(analyze, "security", "--offline=true", "--threshold=20", unit)
