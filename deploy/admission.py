"""Would a real API server take our manifests, and does it refuse what is planted wrong?

Everything is applied on the server's side as a dry run: values are judged as in a cluster, and a field
that the server does not know is an error. What the server is too old for is named, never passed over.
"""

import copy
import json
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import yaml
from running import die, say

type Resource = dict[str, Any]
type Kind = tuple[str, str]

OLDER: Mapping[Kind, str] = {
    ("autoscaling/v2", "HorizontalPodAutoscaler"): "autoscaling/v2beta2",
    ("policy/v1", "PodDisruptionBudget"): "policy/v1beta1",
}
"""The version under which an older server knows a kind, with the same fields."""
POD = "spec.template.spec"
LATER: Mapping[tuple[str, str], int] = {
    ("PodDisruptionBudget", "spec.unhealthyPodEvictionPolicy"): 26,
    ("Deployment", f"{POD}.topologySpreadConstraints[].matchLabelKeys"): 25,
    ("Deployment", f"{POD}.containers[].lifecycle.preStop.sleep"): 29,
}
"""Fields that came with Kubernetes 1.<number>: taken out for a server that is older."""

BOX = f"{POD}.containers[]"
PLANTED: Sequence[tuple[str, str, Any, str]] = (
    ("Deployment", "spec.replicas", "two", "spec.replicas"),
    ("Deployment", f"{BOX}.readynessProbe", {"periodSeconds": 5}, "readynessProbe"),
    ("Deployment", f"{BOX}.resources.requests.cpu", "250 m", "quantit"),
    ("Deployment", f"{BOX}.resources.requests.memory", "64Gi", "memory limit"),
    ("Deployment", f"{BOX}.volumeMounts[].name", "nowhere", "volumeMounts"),
    ("Deployment", f"{BOX}.livenessProbe.httpGet.port", "a port", "livenessProbe"),
    ("Deployment", "spec.selector.matchLabels", {"app": "other"}, "selector"),
    ("StatefulSet", "spec.selector.matchLabels", {"app": "other"}, "selector"),
    ("Service", "spec.ports[].port", 70000, "ports[0].port"),
    ("NetworkPolicy", "spec.policyTypes[]", "Sideways", "policyTypes"),
    ("PodDisruptionBudget", "spec.minAvailable", 1, "cannot be both set"),
    ("HorizontalPodAutoscaler", "spec.minReplicas", 99, "maxReplicas"),
    ("Job", f"{POD}.restartPolicy", "Always", "restartPolicy"),
    ("PersistentVolumeClaim", "spec.accessModes[]", "ReadAlways", "accessModes"),
    ("ConfigMap", "data", {"no such key": "1"}, "data"),
    ("Cluster", "spec.instances", "three", "instances"),
    ("ScheduledBackup", "spec.schedule", None, "schedule"),
    ("ScaledObject", "spec.maxReplicaCount", "six", "maxReplicaCount"),
    ("ServiceMonitor", "spec.selector", "onefile", "selector"),
    ("PrometheusRule", "spec.groups[].rules", "none", "rules"),
)
"""A kind, a place in it, a mistake, and a word that the refusal must hold."""


@dataclass(frozen=True, slots=True)
class Known:
    """What a server knows: its version (`v1.20.2`), and the address of every kind."""

    version: str
    kinds: Mapping[Kind, str]

    @property
    def minor(self) -> int:
        return int(self.version.split(".")[1])

    def address(self, one: Resource) -> str:
        place = self.kinds[kind_of(one)]
        return place.format(namespace=one["metadata"].get("namespace", "default"))


@dataclass(frozen=True, slots=True)
class Fitted:
    """A resource as this server can read it, if it can, and what was changed for it."""

    sent: Resource | None
    changed: tuple[str, ...] = ()


def kind_of(one: Resource) -> Kind:
    return str(one["apiVersion"]), str(one["kind"])


def fitted(one: Resource, known: Known) -> Fitted:
    """As it is, or in the older version that is known; unknown kinds are not sent."""
    sent, changed = copy.deepcopy(one), []
    version, kind = kind_of(one)
    if (version, kind) not in known.kinds:
        older = OLDER.get((version, kind))
        if older is None or (older, kind) not in known.kinds:
            return Fitted(None)
        sent["apiVersion"] = older
        changed.append(f"{kind} {version} → {older}")
    for (whose, path), since in LATER.items():
        if whose == kind and since > known.minor and removed(sent, path.split(".")):
            changed.append(f"{kind} {path} (1.{since})")
    return Fitted(sent, tuple(changed))


def removed(value: Any, path: Sequence[str]) -> bool:
    """Take a field out, and what holds nothing else; was it there?"""
    name, rest = path[0].removesuffix("[]"), path[1:]
    if not isinstance(value, dict) or name not in value:
        return False
    if not rest:
        del value[name]
        return True
    below = value[name] if path[0].endswith("[]") else [value[name]]
    found = [removed(one, rest) for one in below]
    if value[name] == {}:
        del value[name]
    return any(found)


def planted(one: Resource, path: str, wrong: Any) -> Resource:
    """The same resource with one mistake in it; the first of every list is taken."""
    made = copy.deepcopy(one)
    here: Any = made
    *way, last = path.split(".")
    for step in way:
        here = here[step.removesuffix("[]")]
        here = here[0] if step.endswith("[]") else here
    if last.endswith("[]"):
        here[last.removesuffix("[]")] = [wrong]
    elif wrong is None:
        del here[last]
    else:
        here[last] = wrong
    return made


def lost(sent: Any, taken: Any, path: str = "") -> Iterator[str]:
    """What was sent and is not in the answer: a server drops what it does not know."""
    if isinstance(sent, dict):
        for key, value in sent.items():
            if not isinstance(taken, dict) or key not in taken:
                if value not in ({}, [], None):
                    yield f"{path}.{key}"
            else:
                yield from lost(value, taken[key], f"{path}.{key}")
    elif isinstance(sent, list):
        if not isinstance(taken, list) or len(taken) != len(sent):
            yield path
        else:
            for n, (value, other) in enumerate(zip(sent, taken, strict=True)):
                yield from lost(value, other, f"{path}[{n}]")


def discovered(client: httpx.Client, version: str) -> Known:
    groups = client.get("/apis").raise_for_status().json()["groups"]
    places = {"v1": "/api/v1"} | {
        one["groupVersion"]: f"/apis/{one['groupVersion']}"
        for group in groups
        for one in group["versions"]
    }
    kinds = {}
    for api, place in places.items():
        for one in client.get(place).raise_for_status().json()["resources"]:
            if "/" not in one["name"]:
                within = "/namespaces/{namespace}" if one["namespaced"] else ""
                kinds[api, one["kind"]] = f"{place}{within}/{one['name']}"
    return Known(version, kinds)


def refusal(
    client: httpx.Client, known: Known, one: Resource, *, dry: bool = True
) -> str | None:
    """Why the server does not take it, in its own words; None when it does."""
    answer = client.patch(
        f"{known.address(one)}/{one['metadata']['name']}",
        params={"fieldManager": "onefile", "force": "true"}
        | ({"dryRun": "All"} if dry else {}),
        headers={"Content-Type": "application/apply-patch+yaml"},
        content=json.dumps(one),
    )
    told = answer.json()
    if not answer.is_success:
        return str(told["message"])
    if dropped := list(lost(one, told)):
        return f"dropped: {', '.join(dropped)}"
    return None


def defined(client: httpx.Client, folder: Path | None) -> None:
    """The kinds of operators, from the definitions in a folder: theirs, of the version you run."""
    files = sorted(folder.glob("*.yaml")) if folder else []
    if folder and not files:
        die(f"{folder}: 没有定义 holds no *.yaml")
    names = []
    for file in files:
        for one in yaml.safe_load_all(file.read_text()):
            if one and one["kind"] == "CustomResourceDefinition":
                place = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
                answer = client.post(place, json=without_empty_defaults(one))
                if not answer.is_success:
                    die(f"{file.name}: {answer.json()['message']}")
                names.append(f"{place}/{one['metadata']['name']}")
    until = time.monotonic() + 60
    for name in names:
        while not _established(client.get(name).json()):
            if time.monotonic() > until:
                die(f"{name}: 未生效 is not established")
            time.sleep(0.2)


def without_empty_defaults(schema: Any) -> Any:
    """A definition without defaults of `""`: servers before 1.21 take them for null and refuse."""
    if isinstance(schema, list):
        return [without_empty_defaults(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        name: without_empty_defaults(value)
        for name, value in schema.items()
        if not (name == "default" and value == "")
    }


def _established(definition: Resource) -> bool:
    conditions = definition.get("status", {}).get("conditions") or []
    return ("Established", "True") in {(c["type"], c["status"]) for c in conditions}


def judged(
    client: httpx.Client, version: str, texts: Mapping[str, str], definitions: Path | None
) -> None:
    """Every resource of every overlay, then every planted mistake; ends the program on a fault."""
    defined(client, definitions)
    known = discovered(client, version)
    say(f"API 服务器 a real API server: Kubernetes {known.version}")
    faults: list[str] = []
    for name, text in texts.items():
        resources = [one for one in yaml.safe_load_all(text) if one]
        faults += _taken(client, known, name, resources)
    if faults:
        die("被拒绝 refused:\n" + "\n".join(faults))
    everything = [one for text in texts.values() for one in yaml.safe_load_all(text) if one]
    _refused(client, known, everything)


def _taken(
    client: httpx.Client, known: Known, name: str, resources: Sequence[Resource]
) -> Iterator[str]:
    for one in resources:
        if one["kind"] == "Namespace" and (why := refusal(client, known, one, dry=False)):
            yield f"{name} Namespace: {why}"
    as_it_is, changed, unknown = 0, Counter[str](), Counter[str]()
    for one in resources:
        fit = fitted(one, known)
        if fit.sent is None:
            unknown[" ".join(kind_of(one))] += 1
            continue
        changed.update(fit.changed)
        as_it_is += not fit.changed
        if why := refusal(client, known, fit.sent):
            yield f"{name} {one['kind']} {one['metadata']['name']}: {why}"
    say(
        f"{name}: {len(resources)} 个资源 resources, {as_it_is} 原样接受 taken as they are"
        f"{_listed('改后接受 taken after a change', changed)}"
        f"{_listed('未证明 NOT PROVED, the server knows no such kind', unknown)}"
    )


def _listed(title: str, counted: Counter[str]) -> str:
    lines = "".join(f"\n     {count} × {what}" for what, count in sorted(counted.items()))
    return f"\n   {title}:{lines}" if lines else ""


def _refused(client: httpx.Client, known: Known, resources: Iterable[Resource]) -> None:
    """Each mistake is refused, in words that name it: else this check proves nothing."""
    sent = [fit for one in resources if (fit := fitted(one, known).sent)]
    blind, caught = [], 0
    for kind, path, wrong, word in PLANTED:
        one = next((one for one in sent if one["kind"] == kind), None)
        if one is None:
            continue
        why = refusal(client, known, planted(one, path, wrong))
        if why is None or word not in why:
            blind.append(f"{kind} {path} = {wrong!r}: {why or '接受了 was taken'}")
        caught += 1
    if blind:
        die("种下的错误未被识别 planted mistakes were not seen:\n" + "\n".join(blind))
    say(f"种下的 {caught} 处错误都被拒绝 every one of {caught} planted mistakes was refused")
