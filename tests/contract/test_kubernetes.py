"""What no schema sees of the manifests: names resolve, selectors match, doors are shut."""

import importlib
import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import TypeAdapter

from contracts.subjects import SERVICES, durable_of, stream_of
from services.onebox.box import load_specs
from services.onebox.keyring import Keyring
from shared.settings import PORTS, Proxies, Settings
from shared.starting import ELSEWHERE

ROOT = Path(__file__).parents[2]
KUBERNETES = ROOT / "deploy" / "kubernetes"
SECRETS = {
    *(
        f"onefile-{name}"
        for name in (
            *SERVICES,
            "feeds",
            "feeds-keys",
            "agencies",
            "console",
            "keys",
            "roles",
            "provision",
            "backup",
        )
    ),
    "nats-auth",
}
"""What the operator's secret store must make; deploy/README.md lists them."""

pytestmark = pytest.mark.skipif(
    shutil.which("kubectl") is None, reason="kubectl is not here: manifests are not rendered"
)


def rendered(folder: Path) -> bytes:
    return subprocess.run(
        ["kubectl", "kustomize", str(folder)], capture_output=True, check=True
    ).stdout


@cache
def resources() -> list[dict[str, Any]]:
    return [one for one in yaml.safe_load_all(rendered(KUBERNETES / "overlays" / "production"))]


def of(kind: str) -> dict[str, dict[str, Any]]:
    return {one["metadata"]["name"]: one for one in resources() if one["kind"] == kind}


def workloads() -> Iterator[tuple[str, dict[str, Any]]]:
    for kind in ("Deployment", "StatefulSet", "Job"):
        for name, one in of(kind).items():
            yield name, one["spec"]["template"]


def containers(pod: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield from pod["spec"].get("initContainers", [])
    yield from pod["spec"]["containers"]


def matches(selector: dict[str, str], pod: dict[str, Any]) -> bool:
    labels: dict[str, str] = pod["metadata"]["labels"]
    return selector.items() <= labels.items()


@pytest.mark.parametrize("overlay", ["production", "local"])
def test_the_same_bytes_come_out_twice(overlay: str) -> None:
    folder = KUBERNETES / "overlays" / overlay
    assert rendered(folder) == rendered(folder)


def test_every_secret_is_named_for_the_operator() -> None:
    page = (ROOT / "deploy" / "README.md").read_text()
    told = set(re.findall(r"^\| `([a-z-]+)` \|", page, re.MULTILINE))
    listed = set(re.findall(r"`(onefile-[a-z-]+|nats-auth)`", page)) | told
    services = (
        {f"onefile-{name}" for name in SERVICES} if "`onefile-<service>`" in page else set()
    )
    assert SECRETS - services <= listed


def test_every_service_and_the_console_is_there_once() -> None:
    assert {f"onefile-{name}" for name in PORTS} == set(of("Deployment"))


def test_every_volume_is_of_something_that_exists_and_is_mounted() -> None:
    maps, claims = of("ConfigMap"), of("PersistentVolumeClaim")
    templates = {
        (name, claim["metadata"]["name"])
        for name, one in of("StatefulSet").items()
        for claim in one["spec"]["volumeClaimTemplates"]
    }
    for name, pod in workloads():
        for volume in pod["spec"]["volumes"]:
            if "secret" in volume:
                assert volume["secret"]["secretName"] in SECRETS, name
            if "configMap" in volume:
                assert volume["configMap"]["name"] in maps, name
            if "persistentVolumeClaim" in volume:
                assert volume["persistentVolumeClaim"]["claimName"] in claims, name
        there = {volume["name"] for volume in pod["spec"]["volumes"]}
        there |= {claim for of_whom, claim in templates if of_whom == name}
        for container in containers(pod):
            assert {mount["name"] for mount in container["volumeMounts"]} == there, name


def test_every_setting_comes_from_something_that_exists() -> None:
    maps = of("ConfigMap")
    for name, pod in workloads():
        for container in containers(pod):
            for source in container.get("envFrom", []):
                assert source["configMapRef"]["name"] in maps, name
            for told in (one.get("valueFrom", {}) for one in container.get("env", [])):
                if "secretKeyRef" in told:
                    assert told["secretKeyRef"]["name"] in SECRETS, name
                if "configMapKeyRef" in told:
                    reference = told["configMapKeyRef"]
                    assert reference["key"] in maps[reference["name"]]["data"], name


def test_selectors_match_exactly_the_pods_they_mean() -> None:
    pods = dict(workloads())
    for name, service in of("Service").items():
        found = [pod for pod in pods if matches(service["spec"]["selector"], pods[pod])]
        assert found == [name.removesuffix("-cluster")], name
        ports = {p["name"] for c in containers(pods[found[0]]) for p in c.get("ports", [])}
        assert {port["targetPort"] for port in service["spec"]["ports"]} <= ports, name
    for name, budget in of("PodDisruptionBudget").items():
        selector = budget["spec"]["selector"]["matchLabels"]
        assert [pod for pod in pods if matches(selector, pods[pod])] == [name]
    for name, scaler in of("HorizontalPodAutoscaler").items():
        assert scaler["spec"]["scaleTargetRef"]["name"] == name in of("Deployment")
        assert scaler["spec"]["minReplicas"] >= 2
    for name, deployment in of("Deployment").items():
        assert matches(deployment["spec"]["selector"]["matchLabels"], pods[name])
        assert deployment["spec"]["strategy"]["rollingUpdate"]["maxUnavailable"] == 0
    assert set(of("PodDisruptionBudget")) == {*of("Deployment"), *of("StatefulSet")}


def test_every_door_has_two_replicas_at_least_and_only_the_agencies_one_does_not_scale() -> (
    None
):
    scaled = {name for name in of("Deployment") if name != "onefile-feeds"}
    assert set(of("HorizontalPodAutoscaler")) == scaled
    assert of("Deployment")["onefile-feeds"]["spec"]["replicas"] == 2
    assert all("replicas" not in of("Deployment")[name]["spec"] for name in scaled)


def test_who_may_name_the_visitor_is_said_once_for_the_services_and_once_for_the_console() -> (
    None
):
    said = {}
    for name, one in of("ConfigMap").items():
        for key, value in one["data"].items():
            assert key != "FORWARDED_ALLOW_IPS", name
            if key.endswith("TRUSTED_PROXIES"):
                said[key] = value
    assert set(said) == {"ONEFILE_TRUSTED_PROXIES", "ONEFILE_CONSOLE_TRUSTED_PROXIES"}
    for value in said.values():
        assert TypeAdapter(Proxies).validate_python(value)
    page = (ROOT / "deploy" / "README.md").read_text()
    assert all(f"`{name}`" in page for name in said)


def test_no_pod_may_do_more_than_it_needs() -> None:
    for name, pod in workloads():
        spec = pod["spec"]
        assert spec["automountServiceAccountToken"] is False, name
        assert spec["enableServiceLinks"] is False, name
        assert spec["securityContext"]["runAsNonRoot"] is True, name
        assert spec["securityContext"]["runAsUser"] >= 1000, name
        assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}, name
        for container in containers(pod):
            assert container["securityContext"] == {
                "allowPrivilegeEscalation": False,
                "readOnlyRootFilesystem": True,
                "capabilities": {"drop": ["ALL"]},
            }, name
            assert container["resources"]["limits"]["memory"], name
            assert container["resources"]["requests"]["cpu"], name
            image, _, tag = container["image"].rpartition(":")
            assert image and tag != "latest", f"{name}: {container['image']}"
    (namespace,) = of("Namespace").values()
    assert namespace["metadata"]["labels"]["pod-security.kubernetes.io/enforce"] == "restricted"


def test_every_door_has_three_probes_and_closes_in_time() -> None:
    for name in of("Deployment"):
        (container,) = dict(workloads())[name]["spec"]["containers"]
        paths = {
            kind: container[f"{kind}Probe"]["httpGet"]["path"]
            for kind in ("startup", "liveness", "readiness")
        }
        assert paths == {"startup": "/startupz", "liveness": "/livez", "readiness": "/readyz"}
        drain = container["lifecycle"]["preStop"]["sleep"]["seconds"] + 10
        assert drain < dict(workloads())[name]["spec"]["terminationGracePeriodSeconds"]


def test_nothing_may_talk_unless_it_is_said() -> None:
    policies = of("NetworkPolicy")
    assert policies["default-deny"]["spec"] == {
        "podSelector": {},
        "policyTypes": ["Ingress", "Egress"],
    }
    pods = dict(workloads())
    for name, policy in policies.items():
        selector = policy["spec"]["podSelector"].get("matchLabels", {})
        meant = [pod for pod in pods if matches(selector, pods[pod])]
        assert meant or "cnpg.io/cluster" in selector, name
        for rule in (*policy["spec"].get("ingress", []), *policy["spec"].get("egress", [])):
            assert rule.get("ports") or rule.get("to") or rule.get("from"), name


def test_no_secret_is_in_the_manifests() -> None:
    assert not of("Secret")
    for file in KUBERNETES.rglob("*"):
        if file.is_file():
            assert "password:" not in file.read_text().lower(), file


def test_the_settings_in_the_manifests_are_settings_that_exist() -> None:
    known = {f"ONEFILE_{name.upper()}" for name in Settings.model_fields}
    known |= {f"ONEFILE_{name}" for name in ELSEWHERE}
    for name, pod in workloads():
        for container in containers(pod):
            for variable in container.get("env", []):
                if variable["name"].startswith("ONEFILE_") and "console" not in name:
                    assert variable["name"] in known, variable["name"]
    (told,) = (one for name, one in of("ConfigMap").items() if name.startswith("onefile-") and
               "console" not in name)  # fmt: skip
    assert set(told["data"]) <= known
    assert set(json.loads(told["data"]["ONEFILE_PEERS"])) == set(SERVICES)


def test_tracing_is_one_component_for_every_door_and_may_leave_the_namespace(
    tmp_path: Path,
) -> None:
    shutil.copytree(KUBERNETES, tmp_path / "kubernetes")
    overlay = tmp_path / "kubernetes" / "overlays" / "production"
    file = overlay / "kustomization.yaml"
    monitoring = "  - ../../components/monitoring\n"
    text = file.read_text()
    assert monitoring in text
    file.write_text(text.replace(monitoring, f"{monitoring}  - ../../components/tracing\n"))
    made = list(yaml.safe_load_all(rendered(overlay)))
    (policy,) = (one for one in made if one["metadata"]["name"] == "tracing")
    (port,) = policy["spec"]["egress"][0]["ports"]
    doors = [one for one in made if one["kind"] == "Deployment"]
    assert {one["metadata"]["name"] for one in doors} == {f"onefile-{name}" for name in PORTS}
    for one in doors:
        (container,) = one["spec"]["template"]["spec"]["containers"]
        known = {each["name"]: each.get("value") for each in container["env"]}
        assert known["OTEL_EXPORTER_OTLP_ENDPOINT"].endswith(f":{port['port']}")


def test_scaling_by_lag_looks_at_what_each_service_hears() -> None:
    text = (KUBERNETES / "components" / "keda" / "scaled.yaml").read_text()
    told = {
        one["metadata"]["name"]: {
            (t["metadata"]["stream"], t["metadata"]["consumer"])
            for t in one["spec"]["triggers"]
            if t["type"] == "nats-jetstream"
        }
        for one in yaml.safe_load_all(text)
        if one
    }
    assert told == {
        f"onefile-{spec.name}": {
            (stream_of(speaker), durable_of(spec.name, speaker)) for speaker in spec.hears
        }
        for spec in load_specs()
        if spec.hears
    }


def test_what_is_played_by_podman_is_told_everything_and_keeps_its_locks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "deploy"))
    kube = importlib.import_module("kube")
    keyring = Keyring(tmp_path / "home")
    keyring.open(first_time=True)
    monkeypatch.setattr(kube.shutil, "chown", lambda *_: None)
    secrets = kube.Secrets(tmp_path / "secrets", keyring)
    secrets.write()
    text = rendered(KUBERNETES / "overlays" / "local").decode()
    pods = {one["metadata"]["name"]: one for one in kube.playable(text, secrets, tmp_path)}
    assert set(pods) == {
        *(f"onefile-{name}" for name in PORTS), "onefile-provision", "postgres", "nats",
    }  # fmt: skip
    for name, pod in pods.items():
        (container,) = pod["spec"]["containers"]
        assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}, name
        assert all(isinstance(one["value"], str) for one in container["env"]), name
        assert "$(" not in " ".join(container["args"]), name
        for volume in pod["spec"]["volumes"]:
            if path := volume.get("hostPath", {}).get("path"):
                assert path.startswith(str(tmp_path)), name
                if "secrets" in path:
                    assert any(Path(path).iterdir()), name
