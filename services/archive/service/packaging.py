"""How is the package for the archive bureau written, without holding a document in memory?"""

import asyncio
import zipfile
from hashlib import sha256
from pathlib import Path
from uuid import UUID

from services.archive.domain.dossier import EPOCH
from services.archive.domain.file import Filed
from services.archive.domain.listing import Kind
from services.archive.domain.matter import Matter
from services.archive.domain.package import README, described, manifest, path_of, process
from services.archive.service.documents import Documents
from shared.documents.kinds import ENDINGS
from shared.documents.store import Absent, commitment
from shared.problems import Problem


async def package(
    documents: Documents,
    filed: Filed,
    matter: Matter,
    kinds: tuple[Kind, ...],
    keep_years: int,
    book: bytes,
    to: Path,
) -> None:
    """Write the ZIP to `to`; raises `Problem("document_lost")` for bytes that are not as filed."""
    held: dict[UUID, tuple[str, str, int, str]] = {}
    digests: dict[str, str] = {}
    uploads = await documents.of(filed.matter)
    with zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as bag:
        for one in (one for kind in kinds for one in kind.documents if one.commitment):
            upload = uploads.get(one.document)
            if upload is None or upload.look == "infected" or one.commitment is None:
                raise Problem("document_lost", document=str(one.document))
            name = path_of(one, ENDINGS[upload.media_type])
            digest = sha256()
            try:
                with bag.open(_entry(name, zipfile.ZIP_STORED), "w") as part:
                    async for chunk in documents.bytes_of(one.commitment):
                        digest.update(chunk)
                        await asyncio.to_thread(part.write, chunk)
            except Absent:
                raise Problem("document_lost", document=str(one.document)) from None
            if commitment(upload.salt, digest.digest()) != one.commitment:
                raise Problem("document_lost", document=str(one.document))
            digests[name] = digest.hexdigest()
            held[one.document] = name, digests[name], upload.size, upload.media_type
        written = {
            "说明.txt": README.format(number=matter.number).encode(),
            "目录.xml": described(filed, matter, kinds, held, keep_years),
            "案卷.pdf": book,
            "过程/events.json": process(filed),
        }
        digests |= {name: sha256(content).hexdigest() for name, content in written.items()}
        written["manifest-sha256.txt"] = manifest(digests)
        for name, content in written.items():
            await asyncio.to_thread(bag.writestr, _entry(name, zipfile.ZIP_DEFLATED), content)


def _entry(name: str, how: int) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, EPOCH)
    entry.compress_type, entry.external_attr = how, 0o644 << 16
    return entry
