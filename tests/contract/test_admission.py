"""What a real API server is asked, and how its answers are read; the server itself: make kube."""

import importlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

ROOT = Path(__file__).parents[2]
PLACES = {
    ("apps/v1", "Deployment"): "/apis/apps/v1/namespaces/{namespace}/deployments",
    ("v1", "Namespace"): "/api/v1/namespaces",
    (
        "policy/v1beta1",
        "PodDisruptionBudget",
    ): "/apis/policy/v1beta1/namespaces/{namespace}/pdbs",
}
BUDGET = {
    "apiVersion": "policy/v1", "kind": "PodDisruptionBudget", "metadata": {"name": "one"},
    "spec": {"maxUnavailable": 1, "unhealthyPodEvictionPolicy": "AlwaysAllow"},
}  # fmt: skip


@pytest.fixture
def admission(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.syspath_prepend(str(ROOT / "deploy"))
    yield importlib.import_module("admission")
    for name in ("admission", "apiserver", "running"):
        sys.modules.pop(name, None)


def deployment(**container: Any) -> dict[str, Any]:
    pod = {"containers": [{"name": "one", "image": "one:1", **container}]}
    return {
        "apiVersion": "apps/v1", "kind": "Deployment",
        "metadata": {"name": "one", "namespace": "onefile"},
        "spec": {"replicas": 2, "template": {"spec": pod}},
    }  # fmt: skip


def test_what_the_server_knows_is_sent_as_it_is(admission: Any) -> None:
    known = admission.Known("v1.20.2", PLACES)
    fit = admission.fitted(deployment(), known)
    assert fit.sent == deployment() and not fit.changed
    assert known.address(fit.sent) == "/apis/apps/v1/namespaces/onefile/deployments"


def test_an_older_server_is_sent_the_older_version_and_it_is_said(admission: Any) -> None:
    fit = admission.fitted(BUDGET, admission.Known("v1.20.2", PLACES))
    assert fit.sent["apiVersion"] == "policy/v1beta1"
    assert fit.sent["spec"] == {"maxUnavailable": 1}
    assert fit.changed == (
        "PodDisruptionBudget policy/v1 → policy/v1beta1",
        "PodDisruptionBudget spec.unhealthyPodEvictionPolicy (1.26)",
    )
    assert BUDGET["apiVersion"] == "policy/v1", "what was rendered stays as it is"


def test_a_server_of_today_is_sent_everything(admission: Any) -> None:
    known = admission.Known("v1.32.4", {("policy/v1", "PodDisruptionBudget"): "/x"})
    assert admission.fitted(BUDGET, known) == admission.Fitted(BUDGET, ())


def test_a_kind_that_the_server_does_not_know_is_not_sent(admission: Any) -> None:
    unknown = {"apiVersion": "keda.sh/v1alpha1", "kind": "ScaledObject", "metadata": {}}
    assert admission.fitted(unknown, admission.Known("v1.20.2", PLACES)).sent is None
    assert admission.fitted(BUDGET, admission.Known("v1.19.0", {})).sent is None


def test_a_later_field_goes_with_what_held_it_alone_and_others_stay(admission: Any) -> None:
    known = admission.Known("v1.20.2", PLACES)
    alone = deployment(lifecycle={"preStop": {"sleep": {"seconds": 5}}})
    (container,) = admission.fitted(alone, known).sent["spec"]["template"]["spec"]["containers"]
    assert "lifecycle" not in container
    beside = deployment(lifecycle={"preStop": {"sleep": {"seconds": 5}}, "postStart": {"x": 1}})
    (container,) = admission.fitted(beside, known).sent["spec"]["template"]["spec"][
        "containers"
    ]
    assert container["lifecycle"] == {"postStart": {"x": 1}}


def test_every_later_field_and_every_planted_mistake_has_its_place_in_what_is_rendered(
    admission: Any,
) -> None:
    """A row that fits nothing would say less than it seems to."""
    files = (ROOT / "deploy" / "kubernetes").rglob("*.yaml")
    whole = [one for file in files for one in yaml.safe_load_all(file.read_text()) if one]
    kinds = {one["kind"]: one for one in whole if one["kind"] != "Kustomization"}
    made = "\n".join(file.read_text() for file in (ROOT / "deploy/kubernetes").rglob("*.yaml"))
    for kind, path in admission.LATER:
        assert kind in kinds and path.split(".")[-1].removesuffix("[]") in made, path
    missing = {kind for kind, *_ in admission.PLANTED} - set(kinds) - {"ConfigMap"}
    assert not missing
    for kind, path, wrong, _ in admission.PLANTED:
        if kind in kinds and kind != "ConfigMap":
            assert admission.planted(kinds[kind], path, wrong) != kinds[kind], path


def test_a_mistake_is_planted_in_a_copy(admission: Any) -> None:
    one = deployment()
    path = "spec.template.spec.containers[].image"
    wrong = admission.planted(one, path, 5)
    assert wrong["spec"]["template"]["spec"]["containers"][0]["image"] == 5
    assert admission.planted(one, "spec.replicas", None)["spec"].keys() == {"template"}
    assert one == deployment()


def test_what_the_server_dropped_is_found(admission: Any) -> None:
    sent = {"spec": {"ports": [{"port": 1, "nodPort": 2}], "empty": {}}, "kind": "Service"}
    taken = {"spec": {"ports": [{"port": 1, "protocol": "TCP"}]}, "kind": "Service"}
    assert list(admission.lost(sent, taken)) == [".spec.ports[0].nodPort"]
    assert list(admission.lost(sent, {"kind": "Service"})) == [".spec"]
    assert list(admission.lost({"a": [1, 2]}, {"a": [1]})) == [".a"]
    assert not list(admission.lost(taken, taken | {"status": {}}))


def played(answers: dict[str, tuple[int, Any]]) -> httpx.Client:
    """A server that answers by the name of what is applied."""

    def answer(request: httpx.Request) -> httpx.Response:
        assert request.method == "PATCH" and request.url.params["dryRun"] == "All"
        assert request.headers["content-type"] == "application/apply-patch+yaml"
        status, more = answers.get(
            request.url.path.rpartition("/")[2], (200, json.loads(request.content))
        )
        return httpx.Response(status, json=more)

    return httpx.Client(transport=httpx.MockTransport(answer), base_url="https://server")


def test_a_refusal_and_a_dropped_field_end_the_check_and_an_unseen_mistake_too(
    admission: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    known = admission.Known("v1.20.2", PLACES)
    bad = played({"one": (422, {"message": "spec.replicas: Invalid value"})})
    (fault,) = admission._taken(bad, known, "here", [deployment()])
    assert fault == "here Deployment one: spec.replicas: Invalid value"
    forgetful = played({"one": (200, {"kind": "Deployment"})})
    (fault,) = admission._taken(forgetful, known, "here", [deployment()])
    assert "dropped: .apiVersion, .metadata, .spec" in fault
    assert not list(admission._taken(played({}), known, "here", [deployment(), BUDGET]))
    assert "1 × PodDisruptionBudget policy/v1 → policy/v1beta1" in capsys.readouterr().out
    with pytest.raises(SystemExit):
        admission._refused(played({}), known, [{**BUDGET, "spec": {"maxUnavailable": 1}}])
    assert "planted mistakes were not seen" in capsys.readouterr().err


def test_defaults_that_an_old_server_misreads_are_left_out_of_definitions(
    admission: Any,
) -> None:
    schema = {"properties": {"default": {"type": "string", "default": ""}, "n": {"default": 1}}}
    assert admission.without_empty_defaults([schema]) == [
        {"properties": {"default": {"type": "string"}, "n": {"default": 1}}}
    ]
