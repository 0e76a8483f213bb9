"""Files that a form brings: what is known of them, and their way into the file of the matter."""

from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import structlog
from starlette.datastructures import FormData, UploadFile

from services.console.backend import Caller, Refusal, seg

log = structlog.get_logger()

NAME = 200


@dataclass(slots=True)
class Uploads:
    """By the field they stand in: what the command says of each file, and the bytes."""

    described: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    contents: list[tuple[str, str, bytes]] = field(default_factory=list)


async def read_uploads(form: FormData) -> Uploads:
    """Every file of the form; one that was left out is not there."""
    found = Uploads()
    for path, one in form.multi_items():
        if not isinstance(one, UploadFile) or not one.filename:
            continue
        content = await one.read()
        media = (one.content_type or "application/octet-stream").partition(";")[0]
        name = one.filename.replace("/", "_")[-NAME:]
        told = {
            "sha256": sha256(content).hexdigest(), "size": len(content),
            "media_type": media, "name": name,
        }  # fmt: skip
        found.described.setdefault(path, []).append(told)
        found.contents.append((name, media, content))
    return found


async def file_uploads(me: Caller, matter: str, uploads: Uploads, key: str) -> list[Refusal]:
    """Keep the bytes with the archive, as attachments of the matter.

    What the command says of a file, its hash above all, is recorded already; that its bytes
    could not be kept is said in the log and never undoes what was done. The same `key` again
    keeps nothing twice. Returns what was refused.
    """
    refused = []
    for number, (name, media, content) in enumerate(uploads.contents):
        path, own = f"/matters/{seg(matter)}", f"{key}/{number}"
        try:
            kept = await me.send_file("archive", f"{path}/uploads", content, media, key=own)
            told = {"title": name, "upload": kept.body["upload"]}
            await me.post("archive", f"{path}/attachments", told, key=f"{own}/filed")
        except Refusal as refusal:
            log.warning("upload_not_kept", code=refusal.code, size=len(content))
            refused.append(refusal)
    return refused
