"""Which personal content and documents go into a dossier: read on record, and still as filed?"""

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import batched
from pathlib import Path
from uuid import UUID

from services.archive.domain.dossier import Attachment
from services.archive.domain.file import Filed
from services.archive.domain.listing import documents_of
from services.archive.domain.replay import file_of
from services.archive.service.documents import Documents
from shared.disclosures_api import AT_ONCE, PATH
from shared.documents.store import CHUNK, Absent, commitment, digest_of
from shared.eventstore.disclosure import opened
from shared.eventstore.reading import read_provable
from shared.problems import Problem
from shared.runtime import Floor

PURPOSE = "dossier: GET /matters/{id}/dossier"


class Enclosing:
    """Reads what somebody may take along. That he is given it is on record before it is read."""

    def __init__(self, floor: Floor, documents: Documents) -> None:
        self._floor, self._documents = floor, documents

    async def shown(
        self, streams: Mapping[str, Sequence[UUID]], recipient: str, subjects: frozenset[str]
    ) -> dict[str, str]:
        """Digest to disclosure, of what still exists; raises `Problem("unavailable")`."""
        found: dict[str, str] = {}
        if not subjects:
            return found
        for store, every in streams.items():
            if store == "archive":
                for stream in every:
                    found |= await read_provable(
                        self._floor.log, self._floor.keeper, stream,
                        actor=recipient, purpose=PURPOSE, subjects=subjects,
                    )  # fmt: skip
                continue
            for part in batched(every, AT_ONCE):
                answer = await self._floor.peers.get(
                    store, PATH, stream=[str(one) for one in part],
                    recipient=recipient, subject=sorted(subjects),
                )  # fmt: skip
                if answer is None:
                    raise Problem("unavailable", peer=store)
                found |= answer["disclosures"]
        return found

    async def attached(
        self, filed: Filed, texts: Sequence[str], folder: Path
    ) -> tuple[list[Attachment], dict[str, str]]:
        """The documents whose hash one of the disclosures names, and which are left out for what
        reason; raises `Problem`.

        Nothing is enclosed whose bytes are not those that were filed, and nothing that was found
        infected or was not looked at yet where that is asked for.
        """
        named = {digest for text in texts for digest in _hashes(opened(text)[1])}
        if not (named and self._documents.there):
            return [], {}
        uploads = await self._documents.of(filed.matter)
        found, left_out = dict[str, Attachment](), dict[str, str]()
        for one in documents_of(filed, file_of(filed)):
            upload = uploads.get(one.document)
            if one.commitment is None or upload is None:
                continue
            fit = upload.look == "clean" or self._documents.serves_unscanned
            if upload.look == "infected" or not fit:
                left_out[str(one.document)] = upload.look
                continue
            try:
                digest = await digest_of(self._documents.objects, one.commitment)
            except Absent:
                raise Problem("document_lost", document=str(one.document)) from None
            if commitment(upload.salt, digest) != one.commitment:
                raise Problem("document_lost", document=str(one.document))
            name = digest.hex()
            if name not in named or name in found:
                continue
            file = folder / name
            await self._documents.fetch(one.commitment, file)
            size = (await asyncio.to_thread(file.stat)).st_size
            found[name] = Attachment(name, size, _parts_of(file))
        return list(found.values()), left_out


def _parts_of(file: Path) -> Callable[[], Iterator[bytes]]:
    def parts() -> Iterator[bytes]:
        with file.open("rb") as opened:
            while chunk := opened.read(CHUNK):
                yield chunk

    return parts


def _hashes(value: object) -> Iterator[str]:
    """Every `sha256` that stands somewhere in a personal field."""
    if isinstance(value, dict):
        if isinstance(named := value.get("sha256"), str):
            yield named
        for member in value.values():
            yield from _hashes(member)
    elif isinstance(value, list):
        for member in value:
            yield from _hashes(member)
