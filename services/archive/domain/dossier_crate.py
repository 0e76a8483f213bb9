"""How does a dossier describe itself to people and tools (RO-Crate 1.1)?"""

from collections.abc import Mapping
from typing import Any

from services.archive.domain.dossier import Dossier, json_of

CONTEXT = "https://w3id.org/ro/crate/1.1/context"
PROFILE = "https://w3id.org/ro/crate/1.1"

_TERMS = (
    "仅供收件人履行职责使用；含个人信息时按《个人信息保护法》保管 / "
    "For the recipient's duties alone; personal content is to be kept as the law demands"
)
_FILES: Mapping[str, tuple[str, str]] = {
    "timeline.html": ("text/html", "全部事实的可读版本 / every fact, to read"),
    "case.ocel.json": ("application/json", "对象中心事件日志 / object-centric event log"),
    "disclosures.txt": ("text/plain", "个人信息（RFC 9901） / personal content"),
    "manifest.json": ("application/json", "卷宗说明 / what this dossier holds"),
}


def described(dossier: Dossier, published: str, actors: Mapping[str, str]) -> bytes:
    """`ro-crate-metadata.json`; `published` is the time of the last fact, `actors` who acted."""
    parts: list[dict[str, Any]] = [*_files(dossier), *_stores(dossier), *_attachments(dossier)]
    root = {
        "@id": "./",
        "@type": "Dataset",
        "name": f"卷宗 Dossier {dossier.number}",
        "description": "一件事的全部事实及其证明 / every fact of one matter, with its proofs",
        "identifier": dossier.matter,
        "version": str(dossier.position),
        "datePublished": published,
        "license": {"@id": "#terms"},
        "author": {"@id": "#archive"},
        "publisher": {"@id": "#archive"},
        "hasPart": [{"@id": part["@id"]} for part in parts],
        "contributor": [{"@id": f"#{actor}"} for actor in sorted(actors)],
        **({"recipient": {"@id": f"#{dossier.recipient}"}} if dossier.recipient else {}),
    }
    people = {
        **({dossier.recipient: "收件人 / recipient"} if dossier.recipient else {}),
        **actors,
    }
    graph = [
        {
            "@id": "ro-crate-metadata.json",
            "@type": "CreativeWork",
            "about": {"@id": "./"},
            "conformsTo": {"@id": PROFILE},
        },
        root,
        {
            "@id": "#archive",
            "@type": "Organization",
            "name": "归档 The archive that gave it out",
        },
        {"@id": "#terms", "@type": "CreativeWork", "name": "使用条件 Terms", "text": _TERMS},
        *parts,
        *(_actor(actor, who) for actor, who in sorted(people.items())),
    ]
    return json_of({"@context": CONTEXT, "@graph": graph})


def _files(dossier: Dossier) -> list[dict[str, Any]]:
    names = ["manifest.json", "disclosures.txt", *sorted(dossier.more)]
    return [
        {
            "@id": name,
            "@type": "File",
            "name": name,
            "encodingFormat": _FILES.get(name, ("application/json", ""))[0],
            "description": _FILES.get(name, ("", "所依据的规则 / rules relied on"))[1],
        }
        for name in names
    ]


def _stores(dossier: Dossier) -> list[dict[str, Any]]:
    return [
        {
            "@id": f"{section.store}/",
            "@type": "Dataset",
            "name": section.store,
            "description": f"{len(section.events)} 条事实及证明 / facts with their proofs",
        }
        for section in dossier.sections
    ]


def _attachments(dossier: Dossier) -> list[dict[str, Any]]:
    return [
        {
            "@id": f"attachments/{one.sha256}",
            "@type": "File",
            "name": one.sha256,
            "encodingFormat": "application/octet-stream",
            "contentSize": str(one.size),
        }
        for one in dossier.attachments
    ]


def _actor(actor: str, who: str) -> dict[str, Any]:
    kind = {"s": "SoftwareApplication", "a": "Organization"}.get(actor[:1], "Person")
    return {"@id": f"#{actor}", "@type": kind, "identifier": actor, "name": who}
