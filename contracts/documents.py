"""What the generated documents say: JSON Schemas, AsyncAPI per speaker, one specimen envelope.

Nothing here reads a clock or an order that may change: the same classes and examples give the
same documents on every machine.
"""

import json
import re
from collections.abc import Iterator, Mapping
from inspect import getdoc
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import yaml

from contracts.canonical import body_of, canonical, leaf_hash
from contracts.event import About, Envelope, Event
from contracts.feed import Feed
from contracts.pack.schema import child_schema, pack_schema
from contracts.registry import BY_SERVICE, service_of
from contracts.subjects import SERVICES, stream_of

HERE = Path(__file__).parent
EXAMPLES = HERE / "examples"
DIALECT = "https://json-schema.org/draft/2020-12/schema"
SPECIMEN_AREA = "990100"

type Document = dict[str, Any]

DO_NOT_EDIT = """# Do not edit / 请勿手工修改

Everything in this folder is made from the classes in `contracts/` and the facts in
`contracts/examples/` by `python -m contracts build`; `python -m contracts check` says whether
it is up to date. Change the classes, build, and commit both: the diff is what agencies will see.

本目录由 `python -m contracts build` 生成。请修改 `contracts/` 中的类与样例，重新生成后一并提交。
"""


def documents() -> dict[str, str]:
    """Every generated file by its path below `contracts/generated`, as text."""
    files = {"DO-NOT-EDIT.md": DO_NOT_EDIT}
    files["about.schema.json"] = _json(about_schema())
    files["envelope.schema.json"] = _json(envelope_schema())
    files["pack.schema.json"] = _json({"$schema": DIALECT, **pack_schema()})
    files["pack-child.schema.json"] = _json({"$schema": DIALECT, **child_schema()})
    files["feed.schema.json"] = _json(feed_schema())
    files["asyncapi/feeds.yaml"] = yaml.safe_dump(
        feeds_asyncapi(), sort_keys=False, allow_unicode=True, width=96
    )
    for service in SERVICES:
        for event in BY_SERVICE[service]:
            name = type_of(event).removeprefix(f"{service}.")
            files[f"schemas/{service}/{name}.schema.json"] = _json(fact_schema(event))
        files[f"asyncapi/{service}.yaml"] = yaml.safe_dump(
            asyncapi(service), sort_keys=False, allow_unicode=True, width=96
        )
    return files


def type_of(event: type[Event]) -> str:
    """`intake.service_accepted.v1`, as declared on the class."""
    return str(event.model_fields["type"].default)


def examples_of(type: str, root: Path = EXAMPLES) -> dict[str, Document]:
    """The example facts of `type` by their case, in the order of their names."""
    service, name = type.split(".", 1)
    paths = sorted((root / service).glob(f"{name}.*.json"))
    return {p.name.removesuffix(".json").rsplit(".", 1)[1]: _read(p) for p in paths}


def describe(event: type[Event]) -> tuple[str, str, tuple[str, ...]]:
    """The sentence for agencies, the Chinese term, and the requirement ids of an event."""
    first, *more = (getdoc(event) or "").split("\n\n")
    found = re.fullmatch(r"(.+?) \(([^()]+); ([A-Z0-9, -]+)\)\.", " ".join(first.split()))
    if found is None:
        raise ValueError(f"{event.__name__}: end the first sentence with (中文; YO-05).")
    sentence, chinese, ids = found.groups()
    rest = (" ".join(paragraph.split()) for paragraph in more if paragraph.strip())
    return "\n\n".join((f"{sentence}.", *rest)), chinese, tuple(ids.split(", "))


def fact_schema(event: type[Event]) -> Document:
    """The JSON Schema of the `fact` member: what is required, what may be there.

    `type` stands in `about`; personal members never stand in the clear, so only their names
    are listed. Further members may be added later and must be ignored by readers.
    """
    description, chinese, requirements = describe(event)
    made = _plain(event.model_json_schema(mode="serialization"))
    public = [n for n in event.model_fields if n != "type" and n not in event.personal_fields]
    properties = {name: made["properties"][name] for name in public}
    if event.personal_fields:
        properties["_sd"] = _sd_schema(len(event.personal_fields))
    schema: Document = {
        "$schema": DIALECT,
        "title": event.__name__,
        "description": description,
        "x-zh": chinese,
        "x-requirements": list(requirements),
        "type": "object",
        "properties": properties,
        "required": [name for name in public if event.model_fields[name].is_required()],
        "x-personal": sorted(event.personal_fields),
    }
    if event.personal_fields:
        schema["x-personal-subject"] = event.subject
    definitions = _reachable(properties, made.get("$defs", {}))
    if definitions:
        schema["$defs"] = definitions
    return schema


def about_schema() -> Document:
    """The JSON Schema of the `about` member, the same for every fact."""
    made = _untitled(About.model_json_schema(mode="serialization"))
    return {"$schema": DIALECT, "title": "About", **made}


def envelope_schema() -> Document:
    """The JSON Schema of the CloudEvent on the bus; `fact` has its own schema per type."""
    made = _plain(Envelope.model_json_schema(mode="serialization"))
    made["properties"]["data"] = {
        "description": "The event body, verbatim: the leaf hash is over these bytes.",
        "type": "object",
        "properties": {"about": {"$ref": "about.schema.json"}, "fact": {"type": "object"}},
        "required": ["about", "fact"],
        "additionalProperties": False,
    }
    made["required"] = [*(made.get("required") or []), "data"]
    return {"$schema": DIALECT, "title": "Envelope", **made}


def feed_schema() -> Document:
    """The JSON Schema of a message of an agency's feed: the envelope, with its place in the feed.

    `about` and `fact` may hold less than the whole: what the agreement names.
    """
    made = _plain(Feed.model_json_schema(mode="serialization"))
    made["properties"]["data"] = {
        "description": "What you are given of the body: viewhash is over these bytes.",
        "type": "object",
        "properties": {"about": {"type": "object"}, "fact": {"type": "object"}},
        "required": ["about", "fact"],
    }
    made["required"] = [*(made.get("required") or []), "data"]
    return {"$schema": DIALECT, "title": "FeedMessage", **made}


def feeds_asyncapi() -> Document:
    """The AsyncAPI 3.0 document of the agencies' door: one channel per agency, pulled."""
    message = {
        "name": "feed.message",
        "title": "订阅消息",
        "description": "One message, the same bytes over NATS, HTTP and webhook. Its `type` says "
        "which schema of ../schemas its fact has; members you are not given are absent.",
        "contentType": "application/cloudevents+json",
        "payload": {"schemaFormat": _FORMAT, "schema": {"$ref": "../feed.schema.json"}},
    }
    agency = {"agency": {"description": "Your id in the register (机构代号)."}}
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "onefile feeds",
            "version": "1",
            "description": "What an agency receives, and how it asks. Generated; see "
            "DO-NOT-EDIT.md. The HTTP side is described by the door's own /openapi.json.",
        },
        "defaultContentType": "application/cloudevents+json",
        "channels": {
            "next": {
                "address": "onefile.{agency}.next",
                "description": 'Ask for more: the body is {"batch": 500, "expires": '
                "nanoseconds}, the reply subject lies below _INBOX.{agency}.",
                "parameters": agency,
                "messages": {"ask": {"payload": {"type": "object"}}},
            },
            "inbox": {
                "address": "_INBOX.{agency}.>",
                "description": "Messages arrive here, in order; acknowledge with +ACK on the "
                "reply subject of each, after you have taken it.",
                "parameters": agency,
                "messages": {"message": {"$ref": "#/components/messages/message"}},
                "x-jetstream": {"stream": "FEED_{AGENCY}_{EDITION}", "durable": "{agency}"},
            },
        },
        "operations": {
            "ask": {"action": "receive", "channel": {"$ref": "#/channels/next"}},
            "give": {"action": "send", "channel": {"$ref": "#/channels/inbox"}},
        },
        "components": {"messages": {"message": message}},
    }


def asyncapi(service: str) -> Document:
    """The AsyncAPI 3.0 document of one speaker: a channel and a message per event type."""
    channels: Document = {}
    operations: Document = {}
    messages: Document = {}
    for event in sorted(BY_SERVICE[service], key=type_of):
        key = type_of(event).removeprefix(f"{service}.").replace(".", "_")
        name = event.__name__
        channels[key] = _channel(event)
        operations[f"send_{key}"] = {
            "action": "send",
            "channel": {"$ref": f"#/channels/{key}"},
            "messages": [{"$ref": f"#/channels/{key}/messages/{name}"}],
        }
        messages[name] = _message(event)
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": f"onefile {service}",
            "version": "1",
            "description": f"What {service} tells the world. Generated; see DO-NOT-EDIT.md.",
        },
        "defaultContentType": "application/cloudevents+json",
        "channels": channels,
        "operations": operations,
        "components": {"messages": messages, "parameters": _PARAMETERS},
    }


def specimen(type: str, fact: Mapping[str, Any], position: int = 1) -> Document:
    """A whole CloudEvent around an example fact, with its true leaf hash; ids are invented."""
    service = service_of(type)
    ids = {key: str(uuid5(NAMESPACE_URL, f"urn:onefile:specimen:{type}:{key}")) for key in _IDS}
    about = {
        "actor": f"p:{ids['actor']}",
        "area": SPECIMEN_AREA,
        "authority": None,
        "behalf": None,
        "cause": ids["cause"],
        "channel": "window",
        "effective": "2026-04-13",
        "id": ids["id"],
        "matter": ids["matter"],
        "pack": "cn-990100-sample@5f0c1d2e3a4b5968",
        "prev": None,
        "project": ids["project"],
        "recorded": "2026-04-13T01:20:30.123456Z",
        "store": service,
        "stream": ids["matter"],
        "type": type,
        "version": 1,
    }
    body = body_of(canonical(about), canonical(dict(fact)))
    return {
        "specversion": "1.0",
        "id": ids["id"],
        "source": f"urn:onefile:{service}",
        "type": type,
        "subject": ids["matter"],
        "time": about["recorded"],
        "datacontenttype": "application/json",
        "position": position,
        "leafhash": leaf_hash(body).hex(),
        "causationid": ids["cause"],
        "data": json.loads(body),
    }


_IDS = ("actor", "cause", "id", "matter", "project")

_FORMAT = "application/schema+json;version=draft-2020-12"
_ENVELOPE = {"$ref": "../envelope.schema.json"}
_PARAMETERS: Document = {
    "pp": {"description": "Province, the first two digits of the area code (省)."},
    "cc": {"description": "City, the middle two digits (市)."},
    "dd": {"description": "County, the last two digits (县)."},
}


def _channel(event: type[Event]) -> Document:
    type, name = type_of(event), event.__name__
    address = f"onefile.{{pp}}.{{cc}}.{{dd}}.{type}"
    return {
        "address": address,
        "messages": {name: {"$ref": f"#/components/messages/{name}"}},
        "parameters": {key: {"$ref": f"#/components/parameters/{key}"} for key in _PARAMETERS},
        "x-jetstream": {"stream": stream_of(service_of(type))},
    }


def _message(event: type[Event]) -> Document:
    type = type_of(event)
    service, name = type.split(".", 1)
    description, chinese, _ = describe(event)
    case, fact = next(iter(examples_of(type).items()))
    fact_ref = {"$ref": f"../schemas/{service}/{name}.schema.json"}
    data = {"type": "object", "properties": {"fact": fact_ref}}
    narrow = {"type": "object", "properties": {"type": {"const": type}, "data": data}}
    return {
        "name": type,
        "title": chinese,
        "description": description,
        "contentType": "application/cloudevents+json",
        "payload": {"schemaFormat": _FORMAT, "schema": {"allOf": [_ENVELOPE, narrow]}},
        "examples": [{"name": case, "payload": specimen(type, fact)}],
    }


def _sd_schema(count: int) -> Document:
    return {
        "description": "Digests of the personal members present, sorted: base64url(SHA-256("
        "disclosure)) of RFC 9901. The members themselves are disclosed apart, on request.",
        "type": "array",
        "items": {"type": "string", "pattern": "^[A-Za-z0-9_-]{43}$"},
        "uniqueItems": True,
        "maxItems": count,
    }


def _plain(schema: Document) -> Document:
    """Without titles pydantic made up, and without null: absent members are left out."""
    return dict(_without_null(_untitled(schema)))


def _untitled(node: Any, inside_properties: bool = False) -> Any:
    if isinstance(node, list):
        return [_untitled(member) for member in node]
    if not isinstance(node, dict):
        return node
    return {
        key: _untitled(value, key in ("properties", "$defs"))
        for key, value in node.items()
        if inside_properties or key != "title" or not isinstance(value, str)
    }


def _without_null(node: Any) -> Any:
    if isinstance(node, list):
        return [_without_null(member) for member in node]
    if not isinstance(node, dict):
        return node
    made = {key: _without_null(value) for key, value in node.items()}
    if made.get("default", ...) is None:
        del made["default"]
    choices = [choice for choice in made.get("anyOf", []) if choice != {"type": "null"}]
    if len(choices) == 1:
        del made["anyOf"]
        made = {**choices[0], **made}
    return made


def _reachable(node: Any, definitions: Document) -> Document:
    found: set[str] = set()
    pending = list(_references(node))
    while pending:
        name = pending.pop()
        if name not in found:
            found.add(name)
            pending.extend(_references(definitions[name]))
    return {name: definitions[name] for name in sorted(found)}


def _references(node: Any) -> Iterator[str]:
    members = node.values() if isinstance(node, dict) else node
    if isinstance(node, dict) and isinstance(reference := node.get("$ref"), str):
        yield reference.removeprefix("#/$defs/")
    if isinstance(node, dict | list):
        for member in members:
            yield from _references(member)


def _read(path: Path) -> Document:
    return dict(json.loads(path.read_bytes()))


def _json(document: Document) -> str:
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"
