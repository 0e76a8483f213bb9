"""How does a document get into the store, is it still what was filed, and who may have it?"""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Literal, NamedTuple
from uuid import UUID

import structlog

from contracts.archive import DocumentFiled
from contracts.vocabulary import Document
from services.archive.domain.commands import Kept
from services.archive.domain.state import File
from shared.documents.arriving import arrive, clean_name, quarantine
from shared.documents.faults import Unfit
from shared.documents.kinds import ENDINGS, kind_of
from shared.documents.scanning import Look, Nobody, scanner_of
from shared.documents.store import Absent, Bucket, Folder, Objects, commitment, digest_of
from shared.effects import new_secret
from shared.eventstore.postgres import Pool
from shared.eventstore.vocabulary import wire_type
from shared.problems import Problem
from shared.runtime import Floor
from shared.settings import Settings

log = structlog.get_logger()

STALE, ABANDONED = "23 hours", "24 hours"
"""How long an upload can be filed, and when it is forgotten."""
ANYTHING = "application/octet-stream"

_ROW = "id, matter, commitment, salt, size, media_type, sha256, name, look, found, filed"


class Upload(NamedTuple):
    """A row of `uploads`; `sha256` and `name` are None once it is filed."""

    id: UUID
    matter: UUID
    commitment: str
    salt: bytes
    size: int
    media_type: str
    sha256: str | None
    name: str | None
    look: Look
    found: str
    filed: bool


type Soundness = Literal["sound", "gone", "changed", "infected"]


@dataclass(frozen=True, slots=True)
class Looked:
    """A document on file, looked at: its bytes, the scanner's word, whether it opens."""

    document: UUID
    soundness: Soundness
    look: Look
    media_type: str
    opens: bool | None = None
    fault: str = ""


class Documents:
    """The store of one deployment and the uploads that lead to it."""

    def __init__(self, floor: Floor) -> None:
        settings = floor.settings
        self._pool: Pool = floor.log.pool
        self._objects = _objects_of(settings)
        self._scanner = scanner_of(settings.scanner)
        self._folder = _quarantine_of(settings)
        self.largest = settings.largest_document
        self.serves_unscanned = settings.serve_unscanned

    @property
    def there(self) -> bool:
        """Whether this deployment keeps documents at all."""
        return self._objects is not None

    @property
    def objects(self) -> Objects:
        if self._objects is None:
            raise Problem("documents_unset")
        return self._objects

    @property
    def scans(self) -> bool:
        return not isinstance(self._scanner, Nobody)

    async def take_in(
        self,
        chunks: AsyncIterator[bytes],
        upload: UUID,
        matter: UUID,
        uploader: str,
        *,
        name: str,
        stated: str,
        declared: bytes | None,
    ) -> Upload:
        """Keep what streams in, once it was hashed, looked into and scanned; raises `Problem`.

        The same upload again is the first one; with other bytes it is `key_reused`.
        """
        store = self.objects
        with quarantine(self._folder) as waiting:
            came = await arrive(chunks, waiting, largest=self.largest)
            if declared is not None and declared != came.digest:
                raise _unfit(
                    Unfit(
                        "digest_differs",
                        "收到的内容与声明的 SHA-256 不符，请重新上传",
                        "what arrived is not what Content-Digest says: send it again",
                    )
                )
            media = await _kind(waiting, stated)
            verdict = await self._scanner.scan(waiting)
            if verdict.look == "infected":
                log.warning("upload_infected", matter=str(matter), found=verdict.found)
                raise Problem("document_unfit", reason="infected", found=verdict.found)
            return await self._keep(
                store, waiting, upload, matter, uploader, came.size, came.digest, media,
                clean_name(name, ENDINGS[media]), verdict.look,
            )  # fmt: skip

    async def _keep(  # noqa: PLR0913
        self,
        store: Objects,
        file: Path,
        upload: UUID,
        matter: UUID,
        uploader: str,
        size: int,
        digest: bytes,
        media: str,
        name: str,
        look: Look,
    ) -> Upload:
        salt = new_secret()
        key = commitment(salt, digest)
        await store.keep(key, file)
        row = await self._pool.fetchrow(
            f"""
            INSERT INTO uploads (id, matter, uploader, commitment, salt, size, media_type,
                                 sha256, name, look)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
            ON CONFLICT (id) DO NOTHING RETURNING {_ROW}
            """,
            upload, matter, uploader, key, salt, size, media, digest.hex(), name, look,
        )  # fmt: skip
        if row is not None:
            return Upload(*row)
        await store.forget(key)
        first = await self.find(upload)
        assert first is not None
        same = commitment(first.salt, digest) == first.commitment
        if first.matter != matter or not same:
            raise Problem("key_reused")
        return first

    async def make(self, content: bytes, upload: UUID, matter: UUID, name: str) -> Upload:
        """Keep what we made ourselves; no scanner is asked."""
        with quarantine(self._folder) as waiting:
            await asyncio.to_thread(waiting.write_bytes, content)
            media = await _kind(waiting, ANYTHING)
            return await self._keep(
                self.objects, waiting, upload, matter, "s:archive", len(content),
                sha256(content).digest(), media, name, "clean",
            )  # fmt: skip

    async def find(self, upload: UUID) -> Upload | None:
        row = await self._pool.fetchrow(f"SELECT {_ROW} FROM uploads WHERE id = $1", upload)
        return Upload(*row) if row else None

    async def of(self, matter: UUID) -> Mapping[UUID, Upload]:
        """Every upload of a matter."""
        rows = await self._pool.fetch(f"SELECT {_ROW} FROM uploads WHERE matter = $1", matter)
        return {row["id"]: Upload(*row) for row in rows}

    async def kept(self, upload: UUID, matter: UUID) -> Kept | None:
        """The bytes to be filed, None when they are filed; raises `Problem`.

        Where a scanner is set up, nothing is filed that it has not passed.
        """
        found = await self.find(upload)
        if found is None or found.matter != matter or await self._is_stale(found):
            raise Problem("document_unfit", reason="upload_unknown")
        if found.look == "infected":
            raise Problem("document_unfit", reason="infected", found=found.found)
        if found.filed or found.sha256 is None or found.name is None:
            return None
        if found.look == "pending" and self.scans:
            raise Problem("document_unscanned")
        return kept_of(found)

    async def _is_stale(self, upload: Upload) -> bool:
        """Whether it will soon be forgotten: nothing is filed while it is being swept away."""
        return not upload.filed and bool(
            await self._pool.fetchval(
                "SELECT arrived < clock_timestamp() - $2::text::interval FROM uploads WHERE id = $1",
                upload.id, STALE,
            )
        )  # fmt: skip

    async def look_at(self, file: File, matter: UUID, *, inside: bool) -> list[Looked]:
        """Every kept document of the file: are its bytes those of its commitment?

        `inside`: whether it also opens as the kind it is. The log's word counts, not the table's.
        """
        if not file.commitments:
            return []
        uploads = await self.of(matter)
        return [
            await self._look(document, wanted, uploads.get(document), inside)
            for document, wanted in file.commitments.items()
        ]

    async def _look(
        self, document: UUID, wanted: str, upload: Upload | None, inside: bool
    ) -> Looked:
        if upload is None:
            return Looked(document, "gone", "pending", "")
        found: Soundness = "sound"
        try:
            digest = await digest_of(self.objects, wanted)
        except Absent:
            return Looked(document, "gone", upload.look, upload.media_type)
        if commitment(upload.salt, digest) != wanted:
            found = "changed"
        elif upload.look == "infected":
            found = "infected"
        opens, fault = None, ""
        if inside and found == "sound":
            opens, fault = await self._opens(wanted, upload.media_type)
        return Looked(document, found, upload.look, upload.media_type, opens, fault)

    async def _opens(self, name: str, media: str) -> tuple[bool, str]:
        with quarantine(self._folder) as copy:
            await self.fetch(name, copy)
            try:
                return await asyncio.to_thread(kind_of, copy) == media, ""
            except Unfit as fault:
                return False, fault.code

    async def fetch(self, name: str, to: Path) -> None:
        """Write the bytes to a file; raises `Absent`."""
        with to.open("xb") as written:
            async for chunk in self.objects.read(name):
                await asyncio.to_thread(written.write, chunk)

    def bytes_of(self, name: str) -> AsyncIterator[bytes]:
        return self.objects.read(name)

    async def look_again(self) -> None:
        """Ask the scanner about what is pending; forget what nobody filed."""
        if self._objects is None:
            return
        if self.scans:
            rows = await self._pool.fetch(
                f"SELECT {_ROW} FROM uploads WHERE look = 'pending' ORDER BY arrived LIMIT 20"
            )
            for upload in (Upload(*row) for row in rows):
                await self._scan_kept(upload)
        rows = await self._pool.fetch(
            f"""
            DELETE FROM uploads u
            WHERE NOT filed AND arrived < clock_timestamp() - $1::text::interval
              AND NOT EXISTS (SELECT FROM events e WHERE e.stream = u.matter AND e.type = $2
                              AND (e.fact::json ->> 'document')::uuid = u.id)
            RETURNING {_ROW}
            """,
            ABANDONED,
            wire_type(DocumentFiled),
        )
        for upload in (Upload(*row) for row in rows):
            await self._objects.forget(upload.commitment)

    async def _scan_kept(self, upload: Upload) -> None:
        with quarantine(self._folder) as copy:
            try:
                await self.fetch(upload.commitment, copy)
            except Absent:
                return
            verdict = await self._scanner.scan(copy)
        if verdict.look != "pending":
            await self._pool.execute(
                "UPDATE uploads SET look = $2, found = $3 WHERE id = $1",
                upload.id, verdict.look, verdict.found,
            )  # fmt: skip


def kept_of(upload: Upload) -> Kept:
    """What an event says of an upload that is not filed yet."""
    assert upload.sha256 is not None and upload.name is not None
    assert upload.look != "infected"
    document: Document = {
        "sha256": upload.sha256,
        "size": upload.size,
        "media_type": upload.media_type,
        "name": upload.name,
    }
    return Kept(upload.commitment, upload.salt.hex(), upload.look, document)


async def _kind(file: Path, stated: str) -> str:
    try:
        media = await asyncio.to_thread(kind_of, file)
        if stated not in (ANYTHING, media):
            raise Unfit(
                "type_differs",
                f"文件实际是 {media}，与声明的类型不符",
                f"the file really is {media}, not what Content-Type says",
            )
    except Unfit as fault:
        raise _unfit(fault) from None
    return media


def _unfit(fault: Unfit) -> Problem:
    return Problem("document_unfit", reason=fault.code, remedy=f"{fault.zh} / {fault.en}")


def _objects_of(settings: Settings) -> Objects | None:
    if settings.documents is None:
        return None
    if settings.documents.startswith("s3://"):
        given = {k: v.get_secret_value() for k, v in settings.documents_bucket.items()}
        return Bucket(settings.documents, **given)
    return Folder(Path(settings.documents) / "objects")


def _quarantine_of(settings: Settings) -> Path:
    """On the same disk as a folder of documents, so that keeping is a link and no copy."""
    if settings.documents_quarantine is not None:
        return settings.documents_quarantine
    if settings.documents is None or settings.documents.startswith("s3://"):
        return Path(tempfile.gettempdir()) / "onefile-quarantine"
    return Path(settings.documents) / "quarantine"
