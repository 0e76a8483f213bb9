"""Which rules does a dossier carry: packs, catalogues and calendars, each named by its content?"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import rfc8785

from contracts.calendar import CALENDARS
from contracts.catalogue import REPRESENTATIVE
from contracts.edition import edition_of, read_data
from shared.packs import Packs, Rules


def rules_of(packs: Packs, editions: set[str]) -> dict[str, bytes]:
    """`<kind>/<edition>.json` to the canonical bytes whose hash the edition ends with.

    Of the editions that facts name those that this deployment carries; an edition that it does
    not carry is not there, and the verifier says so.
    """
    used = [rules for rules in packs.carried() if rules.edition in editions]
    found = {f"packs/{rules.edition}.json": _content(rules.pack.data) for rules in used}
    if used:
        found |= dict(_tables("calendars", CALENDARS.glob("*.yaml")))
        found |= dict(_tables("calendars", (CALENDARS / "editions").glob("*.yaml")))
        overlays = sorted({one for rules in used for one in rules.pack.clocks.overlays})
        files = [CALENDARS / "overlays" / f"{one}.yaml" for one in overlays]
        found |= dict(_tables("calendars", files))
        wanted = _catalogues(used)
        every = _tables("catalogues", REPRESENTATIVE.parent.glob("*.yaml"))
        found |= {name: content for name, content in every if name in wanted}
    return found


def _catalogues(used: list[Rules]) -> set[str]:
    return {f"catalogues/{rules.catalogue.edition}.json" for rules in used}


def _tables(kind: str, files: Any) -> Iterator[tuple[str, bytes]]:
    for file in sorted(files):
        yield _table(kind, file)


def _table(kind: str, file: Path) -> tuple[str, bytes]:
    data = read_data(file)
    return f"{kind}/{edition_of(str(data['id']), data)}.json", _content(data)


def _content(data: Any) -> bytes:
    """The bytes that an edition is the hash of."""
    return rfc8785.dumps(orjson.loads(orjson.dumps(data)))
