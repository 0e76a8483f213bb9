"""Are the manifests and the image good: rendered twice, validated, built, played here, lived through?

    python deploy/kube.py [--render-only] [--no-build] [--keep] [--places N]
    python deploy/kube.py --api-server [--crds FOLDER]

Each prerequisite that is missing is named with its remedy. What this cannot prove is listed in
deploy/README.md.
"""

import argparse
import asyncio
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import yaml
from admission import judged
from apiserver import RELEASE, served
from running import PLACE, ROOT, die, ran, say

sys.path.insert(0, str(ROOT))

KUBERNETES = ROOT / "deploy" / "kubernetes"
OVERLAYS = {
    "overlays/production": KUBERNETES / "overlays" / "production",
    "overlays/local": KUBERNETES / "overlays" / "local",
    "everything": PLACE / "everything",
}
"""What is rendered; the last is made here, of the components that production leaves to choose."""
VERSION = "1.32"
PYTHON = "docker.io/library/python:3.13-slim"
LOCAL = "/onefile-local"
"""What hostPath volumes of the local overlay begin with: a folder below `.onefile/kube` here."""
SERVICES = ("intake", "assignment", "supervision", "evaluation", "archive")
ISSUER = 8706
PG, NATS = 8732, 8742
PORTS = {"console": 8700, "feeds": 8707} | {s: 8701 + n for n, s in enumerate(SERVICES)}
OURS = {"", "apps", "batch", "autoscaling", "policy", "networking.k8s.io"}
"""API groups of Kubernetes itself; the operators' own kinds have schemas of their own."""
USER, SERVERS_USER = 10001, 65534


def prerequisites(*, playing: bool) -> None:
    needed = {
        "kubectl": "apt-get install kubernetes-client (1.32 or newer), or put kubectl on PATH"
    }
    if playing:
        needed["podman"] = (
            "apt-get install podman buildah runc iptables; or stop here with --render-only"
        )
    missing = [f"{name}: {how}" for name, how in needed.items() if not shutil.which(name)]
    if missing:
        die("缺少程序 programs are missing\n" + "\n".join(missing))


def everything() -> None:
    """The production overlay with every component that it does not take itself."""
    here = OVERLAYS["everything"]
    here.mkdir(parents=True, exist_ok=True)
    above = os.path.relpath(KUBERNETES, here)
    made = {
        "apiVersion": "kustomize.config.k8s.io/v1beta1",
        "kind": "Kustomization",
        "namespace": "onefile",
        "resources": [f"{above}/overlays/production"],
        "components": [f"{above}/components/{name}" for name in ("keda", "tracing")],
    }
    (here / "kustomization.yaml").write_text(yaml.safe_dump(made))


def rendered(folder: Path) -> str:
    """The overlay's manifests: the same bytes however often they are rendered."""
    once, twice = (
        ran("kubectl", "kustomize", folder, capture_output=True).stdout for _ in range(2)
    )
    if once != twice:
        die(f"{folder}: 两次渲染不同 renders differently twice")
    return once


def validated(overlay: str, text: str) -> None:
    """Against the schemas of Kubernetes, strictly; installed into a venv of its own."""
    venv = PLACE / "venv"
    program = venv / "bin" / "kubernetes-validate"
    if not program.exists():
        say("安装 kubernetes-validate (about 120 MB, once)")
        ran(sys.executable, "-m", "venv", venv)
        ran(
            venv / "bin" / "python",
            "-m",
            "pip",
            "install",
            "-q",
            "kubernetes-validate>=1.34,<2",
        )
    documents = [one for one in yaml.safe_load_all(text) if one]
    own = [one for one in documents if _group(one) in OURS]
    file = PLACE / f"{overlay.rpartition('/')[2]}.own.yaml"
    file.write_text(yaml.safe_dump_all(own))
    ran(program, "--strict", "--quiet", "-k", VERSION, file, capture_output=True)
    others = sorted({f"{one['kind']}" for one in documents if _group(one) not in OURS})
    say(
        f"{overlay}: {len(own)} 个资源符合 resources are valid for {VERSION}"
        + (f"；未按模式核对 not looked at: {', '.join(others)}" if others else "")
    )


def _group(one: dict[str, Any]) -> str:
    group, slash, _ = str(one["apiVersion"]).rpartition("/")
    return group if slash else ""


def built(base: str) -> None:
    """Both images; the index and certificates of this machine are passed on."""
    options = ["--network=host", "--build-arg", f"BASE_IMAGE={base}"]
    for place in ("/etc/ssl/certs", "/etc/pip.conf"):
        if Path(place).exists():
            options += ["-v", f"{place}:{place}:ro"]
    if index := os.environ.get("PIP_INDEX_URL"):  # noqa: TID251
        options += ["--build-arg", f"PIP_INDEX_URL={index}"]
    for name, file in (
        ("onefile-servers", "Containerfile.servers"),
        ("onefile", "Containerfile"),
    ):
        say(f"构建镜像 building localhost/{name}:local")
        ran(
            "podman", "build", "-q", *options, "-f", ROOT / "deploy" / file,
            "-t", f"localhost/{name}:local", ROOT, capture_output=True,
        )  # fmt: skip


class Secrets:
    """The Secrets of the local overlay, as folders of files: random, and gone at the end."""

    def __init__(self, place: Path, keyring: Any) -> None:
        self.place, self._keyring = place, keyring

    def write(self) -> None:
        ring, server = self._keyring, f"127.0.0.1:{PG}"
        super_word, token = ring.password_of("postgres"), ring.password_of("nats")
        words = {role: ring.password_of(role) for role in
                 (*(f"onefile_{s}" for s in (*SERVICES, "feeds")), "onefile_keys")}  # fmt: skip

        def dsn(role: str, word: str, database: str) -> str:
            return f"postgresql://{role}:{quote(word, safe='')}@{server}/{database}"

        self._secret("postgres", SERVERS_USER, password=super_word)
        nats = {
            "host": "127.0.0.1", "port": NATS, "authorization": {"token": token},
            "jetstream": {"store_dir": "/data/nats", "sync_interval": "always"},
        }  # fmt: skip
        self._secret("nats", SERVERS_USER, **{"nats.conf": json.dumps(nats)})
        self._secret("onefile-roles", USER, **words)
        self._secret(
            "onefile-provision", USER,
            **{"database": dsn("postgres", super_word, "postgres"), "nats-token": token},
        )  # fmt: skip
        for name in (*SERVICES, "feeds"):
            role = f"onefile_{name}"
            keys = dsn("onefile_keys", words["onefile_keys"], "onefile_keys")
            files = {
                "onefile_database": dsn(role, words[role], role),
                "onefile_nats_token": token,
                "onefile_service_secret": ring.secret_of(name),
            }
            self._secret(
                f"onefile-{name}", USER,
                **(files if name == "feeds" else files | {"onefile_keys_database": keys}),
            )  # fmt: skip
        deployment, log = ring.deployment_key_file.read_bytes(), ring.log_key_file.read_bytes()
        self._secret("onefile-keys", USER, **{"deployment.key": deployment, "log.key": log})
        self._secret("onefile-feeds-keys", USER, **{"log.key": log})
        nobody = "schema: onefile.agencies/v1\nagencies: []\n"
        self._secret("onefile-agencies", USER, **{"agencies.yaml": nobody})
        self._secret(
            "onefile-console", USER,
            **{"session.key": ring.console_key_file.read_bytes(), "client-secret": "none"},
        )  # fmt: skip

    def _secret(self, name: str, owner: int, **files: str | bytes) -> None:
        folder = self.place / name
        folder.mkdir(parents=True, exist_ok=True)
        for key, value in files.items():
            file = folder / key
            file.write_bytes(value if isinstance(value, bytes) else value.encode())
            file.chmod(0o400)
            shutil.chown(file, owner, owner)

    def read(self, name: str, key: str) -> str:
        return (self.place / name / key).read_text()


def playable(text: str, secrets: Secrets, shared: Path) -> Iterator[dict[str, Any]]:
    """What podman can play: pods without init containers, Jobs as pods, everything told literally.

    podman 4 knows no Secret volumes and restarts init containers for ever; the order that they keep
    in a cluster is kept here by the caller.
    """
    documents = [one for one in yaml.safe_load_all(text) if one]
    maps = {
        one["metadata"]["name"]: one["data"] for one in documents if one["kind"] == "ConfigMap"
    }
    for one in documents:
        if one["kind"] not in ("Deployment", "Job"):
            continue
        template = one["spec"]["template"]
        pod = template["spec"]
        pod.pop("initContainers", None)
        pod.pop("topologySpreadConstraints", None)
        labels = template["metadata"]["labels"]
        for container in pod["containers"]:
            told = dict(_told(container, labels, maps, secrets))
            container.pop("envFrom", None)
            container["env"] = [{"name": k, "value": v} for k, v in told.items()]
            container["args"] = [_put(word, told) for word in container.get("args", [])]
            for probe in (
                "startupProbe",
                "livenessProbe",
                "readinessProbe",
                "lifecycle",
                "ports",
            ):
                container.pop(probe, None)
            container["imagePullPolicy"] = "Never"
        for volume in pod.get("volumes", []):
            if "secret" in volume:
                name = volume.pop("secret")["secretName"]
                volume["hostPath"] = {"path": str(secrets.place / name), "type": "Directory"}
            elif "hostPath" in volume:
                below = volume["hostPath"]["path"].removeprefix(f"{LOCAL}/")
                volume["hostPath"]["path"] = str(shared / below)
        pod["restartPolicy"] = "Never" if one["kind"] == "Job" else "Always"
        yield {
            "apiVersion": "v1",
            "kind": "Pod",
            "metadata": {"name": one["metadata"]["name"], "labels": labels},
            "spec": pod,
        }


def _told(
    container: dict[str, Any], labels: dict[str, str], maps: dict[str, Any], secrets: Secrets
) -> Iterator[tuple[str, str]]:
    for source in container.get("envFrom", []):
        yield from maps[source["configMapRef"]["name"]].items()
    for one in container.get("env", []):
        source = one.get("valueFrom", {})
        if "value" in one:
            yield one["name"], one["value"]
        elif "configMapKeyRef" in source:
            reference = source["configMapKeyRef"]
            yield one["name"], maps[reference["name"]][reference["key"]]
        elif "secretKeyRef" in source:
            yield one["name"], secrets.read(**_named(source["secretKeyRef"]))
        else:
            path = source["fieldRef"]["fieldPath"]
            yield one["name"], labels[path.split("'")[1]]


def _named(reference: dict[str, str]) -> dict[str, str]:
    return {"name": reference["name"], "key": reference["key"]}


def _put(word: str, told: dict[str, str]) -> str:
    for name, value in told.items():
        word = word.replace(f"$({name})", value)
    return word


class Played:
    """Pods by podman, each from one file; `down` removes them and what they wrote."""

    def __init__(self, pods: dict[str, dict[str, Any]]) -> None:
        self._pods = pods

    def up(self, name: str) -> None:
        file = PLACE / f"{name}.pod.yaml"
        file.write_text(yaml.safe_dump(self._pods[name]))
        file.chmod(0o600)
        ran("podman", "kube", "play", "--network=host", file, capture_output=True)

    def ended(self, name: str) -> str:
        """What a Job said, once it ended well."""
        container = f"{name}-{self._pods[name]['spec']['containers'][0]['name']}"
        code = ran("podman", "wait", container, capture_output=True).stdout.strip()
        said = self.said(name)
        if code != "0":
            die(f"{name} 失败 ended with {code}\n{said}")
        return said

    def said(self, name: str) -> str:
        container = f"{name}-{self._pods[name]['spec']['containers'][0]['name']}"
        done = subprocess.run(
            ["podman", "logs", "--tail", "30", container],
            capture_output=True,
            text=True,
            check=False,
        )
        return done.stdout + done.stderr

    def idle(self, name: str) -> float:
        """Proportional set size of a pod's first process, in MB."""
        container = f"{name}-{self._pods[name]['spec']['containers'][0]['name']}"
        pid = ran(
            "podman", "inspect", "-f", "{{.State.Pid}}", container, capture_output=True
        ).stdout.strip()
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 1000
        return 0.0

    def down(self) -> None:
        for name in self._pods:
            subprocess.run(
                ["podman", "pod", "rm", "-f", "-t", "15", name],
                capture_output=True,
                check=False,
            )


async def lived(played: Played, keyring: Any, shared: Path, places: int) -> int:
    """The pods, in order, and the demonstration against them; the exit code."""
    from services.onebox.demo.show import lived as demonstrated
    from services.onebox.issuer import development_issuer, issuer_app
    from services.onebox.people import demos
    from services.onebox.serving import answering, bound
    from services.onebox.state import State

    sock = bound(ISSUER)
    if sock is None:
        die(f"端口 {ISSUER} 被占用 port {ISSUER} is taken: another make kube?")
    assert sock is not None
    address = f"http://127.0.0.1:{ISSUER}"
    issuer = development_issuer(
        address, keyring, [*SERVICES, "feeds"], mode="development",
        clock_file=shared / "shared" / "clock.json", packs=None,
    )  # fmt: skip
    async with answering(issuer_app(issuer), sock):
        for server, port in (("postgres", PG), ("nats", NATS)):
            await asyncio.to_thread(played.up, server)
            await listened(port, server, played)
        await asyncio.to_thread(played.up, "onefile-provision")
        say((await asyncio.to_thread(played.ended, "onefile-provision")).strip())
        for name in PORTS:
            await asyncio.to_thread(played.up, f"onefile-{name}")
        addresses = {name: f"http://127.0.0.1:{port}" for name, port in PORTS.items()}
        for name, where in addresses.items():
            await ready(name, where, played)
        for name in PORTS:
            say(f"{name}: 就绪 ready, {played.idle(f'onefile-{name}'):.0f} MB PSS")
        state = State(str(PLACE), os.getpid(), {**addresses, "issuer": address}, address)
        return await demonstrated(state, demos()[:places])


async def listened(port: int, name: str, played: Played) -> None:
    from services.onebox.ports import listens

    for _ in range(600):
        if await listens(port):
            return
        await asyncio.sleep(0.2)
    die(f"{name} 没有起来 does not answer\n{played.said(name)}")


async def ready(name: str, address: str, played: Played) -> None:
    async with httpx.AsyncClient(timeout=5, trust_env=False) as client:
        for _ in range(900):
            try:
                if (await client.get(f"{address}/readyz")).status_code == 200:
                    return
            except httpx.HTTPError:
                pass
            await asyncio.sleep(0.2)
    die(f"{name} 未就绪 is not ready\n{played.said(f'onefile-{name}')}")


def play(text: str, *, keep: bool, places: int) -> int:
    from services.onebox.keyring import Keyring

    run = PLACE / "run"
    shutil.rmtree(run, ignore_errors=True)
    for folder in ("shared/documents", "signed"):
        (run / folder).mkdir(parents=True)
    keyring = Keyring(run / "home")
    keyring.open(first_time=True)
    for folder in ("shared", "shared/documents", "signed"):
        shutil.chown(run / folder, USER, USER)
    secrets = Secrets(run / "secrets", keyring)
    secrets.write()
    pods = {one["metadata"]["name"]: one for one in playable(text, secrets, run)}
    (job,) = (name for name in pods if name.startswith("onefile-provision"))
    if job != "onefile-provision":
        pods["onefile-provision"] = pods.pop(job)
    played = Played(pods)
    played.down()
    try:
        return asyncio.run(lived(played, keyring, run, places))
    finally:
        if not keep:
            played.down()
            shutil.rmtree(run, ignore_errors=True)
            for file in PLACE.glob("*.pod.yaml"):
                file.unlink()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--render-only", action="store_true", help="render and validate, no podman"
    )
    parser.add_argument(
        "--api-server",
        action="store_true",
        help="ask a real API server instead, built from Debian's source: ten minutes, once",
    )
    parser.add_argument(
        "--crds",
        type=Path,
        help="a folder with the CustomResourceDefinitions of your operators, for --api-server",
    )
    parser.add_argument("--no-build", action="store_true", help="play images built before")
    parser.add_argument("--keep", action="store_true", help="leave the pods running at the end")
    parser.add_argument("--places", type=int, default=4, help="how many places live a matter")
    parser.add_argument(
        "--base",
        default=os.environ.get("BASE_IMAGE", PYTHON),  # noqa: TID251
        help="base image; deploy/README.md says how to make one where no registry can be reached",
    )
    asked = parser.parse_args()
    prerequisites(playing=not (asked.render_only or asked.api_server))
    PLACE.mkdir(parents=True, exist_ok=True)
    everything()
    texts = {overlay: rendered(folder) for overlay, folder in OVERLAYS.items()}
    for overlay, text in texts.items():
        validated(overlay, text)
    if asked.api_server:
        with served() as client:
            judged(client, RELEASE, texts, asked.crds)
        return 0
    if asked.render_only:
        return 0
    if os.geteuid() != 0:
        die("以 root 运行 run this as root: Secret files are given to the pods' own users")
    if not asked.no_build:
        built(asked.base)
    code = play(texts["overlays/local"], keep=asked.keep, places=asked.places)
    say("集群清单演示成功 played and lived through" if code == 0 else "失败 failed")
    return code


if __name__ == "__main__":
    raise SystemExit(main())
