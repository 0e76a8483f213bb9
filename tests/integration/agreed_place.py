"""A place whose agency needs an application and an agreement signed by both sides, on disk."""

from pathlib import Path
from typing import Any

import yaml

from contracts.pack import POLICIES

SHIPPED = POLICIES / "cn-500242-bangdaiban"
SRC = "双方签订服务协议"
IN_AGENCY = ["collect", "precheck", "fill_for_applicant", "upload", "file_for_applicant"]


def agreed_place(folder: Path) -> Path:
    """The shipped pack of the demonstration place with an agreement; returns the packs' folder."""
    data = yaml.safe_load((SHIPPED / "pack.yaml").read_text("utf-8"))
    data["forms"] += [
        _form("agreement", "服务协议", "agreement", ["unit", "window"]),
        _form("application", "服务申请表", "application", ["unit"]),
    ]
    data["agreements"] = [_agreement()]
    for question in data["open"]:
        question["paths"] = [path for path in question["paths"] if path != "agreements"]
    data["open"] = [question for question in data["open"] if question["paths"]]
    agency = next(mode for mode in data["modes"] if mode["id"] == "agent")
    agency["papers"] += [
        {"id": "agreement", "before": [*IN_AGENCY], "src": SRC},
        {"id": "application", "before": [*IN_AGENCY], "src": SRC},
    ]
    data["modes"].append(_guiding())
    place = folder / "place"
    place.mkdir(parents=True)
    (place / "pack.yaml").write_text(yaml.safe_dump(data, allow_unicode=True), "utf-8")
    (place / "demo.yaml").write_text((SHIPPED / "demo.yaml").read_text("utf-8"), "utf-8")
    return folder


def _guiding() -> dict[str, Any]:
    return {
        "id": "lead", "zh": "领办", "enrol": "on_arrival", "papers": [],
        "staff_may": ["escort", "introduce"], "filed_by": "applicant",
        "applicant_takes_part": True, "ends_when": "ContactHandedOver", "src": "陪同引导",
    }  # fmt: skip


def _form(id: str, zh: str, kind: str, signatures: list[str]) -> dict[str, Any]:
    return {
        "id": id, "zh": zh, "kind": kind, "fields": ["matter"], "signatures": signatures,
        "seal": ["applicant"], "src": SRC,
    }  # fmt: skip


def _agreement() -> dict[str, Any]:
    def move(id: str, kind: str, start: list[str], to: str, by: list[str], **more: Any) -> Any:
        return {"id": id, "zh": id, "kind": kind, "from": start, "to": to, "by": by, **more}

    return {
        "id": "agreement",
        "zh": "服务协议",
        "form": "agreement",
        "number": "agreement",
        "modes": ["agent"],
        "covers": "whole",
        "carries": ["application"],
        "states": [
            {"id": "in_force", "zh": "有效", "in_force": True},
            {"id": "suspended", "zh": "中止", "in_force": False},
            {"id": "ended", "zh": "终止", "in_force": False},
        ],
        "moves": [
            move("sign", "sign", [], "in_force", ["unit"], countersigned_by=["window"]),
            move("suspend", "suspend", ["in_force"], "suspended", ["unit", "window"]),
            move("resume", "resume", ["suspended"], "in_force", ["unit", "window"]),
            move("revoke", "end", ["in_force", "suspended"], "ended", ["unit"]),
        ],
        "src": SRC,
    }
