"""What did the people of a matter write into its work log in their own words (工作日志)?

The words are personal: they stay with the service that heard them, can be erased there, and are
read anew each time. That they were read is on record there before they are given.
"""

from base64 import urlsafe_b64encode
from collections.abc import Mapping
from hashlib import sha256

from services.archive.domain.file import Filed
from shared.disclosures_api import PATH
from shared.eventstore.disclosure import opened
from shared.peers import Peers
from shared.problems import Problem

STORE, FIELDS, SUBJECT = "supervision", ("entry", "note"), "applicant"


async def sentences(peers: Peers, filed: Filed, reader: str) -> Mapping[int, str] | None:
    """Archive's position to the words of that entry; None when their service does not answer."""
    try:
        answer = await peers.get(
            STORE, PATH, stream=[str(filed.matter)], recipient=reader, subject=[SUBJECT]
        )
    except Problem:
        return None
    if answer is None:
        return None
    shown: Mapping[str, str] = answer["disclosures"]
    found = {}
    for entry in filed.entries:
        if entry.copy is None or entry.copy.store != STORE:
            continue
        for digest in entry.copy.parts()[1].get("_sd", ()):
            if digest not in shown or not _is_of(shown[digest], digest):
                continue
            name, value = opened(shown[digest])
            if name in FIELDS and isinstance(value, str):
                found[entry.position] = value
    return found


def _is_of(disclosure: str, digest: str) -> bool:
    """Whether these are the words that the filed fact committed to, and no others."""
    made = urlsafe_b64encode(sha256(disclosure.encode()).digest()).rstrip(b"=").decode()
    return made == digest
