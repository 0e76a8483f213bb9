"""What did each version of each event look like when it was released: whole messages, byte by byte.

`golden/<service>/<event>.v<n>.json` is one message as it travels. Once `freeze` has put its digest
into `golden/SHA256SUMS` (which `sha256sum -c` reads) neither is ever touched again: today's code
must read it for as long as logs are kept.
"""

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import orjson

from contracts.canonical import body_of, canonical
from contracts.documents import HERE, examples_of, specimen
from contracts.registry import BY_TYPE, service_of

GOLDEN = HERE / "golden"
SUMS = "SHA256SUMS"
_LATER = ("prevhash", "causationid", "originid", "originstore")


def path_of(type: str) -> str:
    """`intake/service_requested.v1.json`."""
    service = service_of(type)
    return f"{service}/{type.removeprefix(f'{service}.')}.json"


def message(type: str) -> bytes:
    """The message around the first example of `type`, in the bytes in which it would travel."""
    made = specimen(type, next(iter(examples_of(type).values())))
    data, head = made.pop("data"), {**made, "prevhash": None}
    told = {name: one for name, one in head.items() if name not in _LATER}
    told |= {name: head.get(name) for name in _LATER}
    body = body_of(canonical(data["about"]), canonical(data["fact"]))
    return orjson.dumps(told)[:-1] + b',"data":' + body + b"}\n"


def frozen(root: Path = GOLDEN) -> dict[str, str]:
    """The digest of each released file, by its path."""
    if not (root / SUMS).exists():
        return {}
    lines = (root / SUMS).read_text("ascii").splitlines()
    return {path: digest for digest, path in (line.split("  ", 1) for line in lines)}


def build(root: Path = GOLDEN) -> None:
    """Write what is not released yet; what is, stays as it is."""
    kept, made = frozen(root), _made()
    for path, content in made.items():
        if path not in kept:
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_bytes(content)
    for path in _present(root) - made.keys() - kept.keys():
        (root / path).unlink()


def problems(root: Path = GOLDEN) -> Iterator[str]:
    """One sentence for each file that is not what was released, or not what would be made."""
    kept, made, there = frozen(root), _made(), _present(root)
    for path in sorted({*kept, *made, *there}):
        if path not in there:
            yield f"{path}: missing; " + ("bring it back" if path in kept else _RUN)
        elif path in kept:
            if sha256((root / path).read_bytes()).hexdigest() != kept[path]:
                yield f"{path}: a released message is never edited; bring it back"
        elif made.get(path) != (root / path).read_bytes():
            yield f"{path}: differs; {_RUN}"


def freeze(root: Path = GOLDEN) -> list[str]:
    """Release what is there: its digests are listed from now on; returns the new paths."""
    build(root)
    kept = frozen(root)
    fresh = sorted(_present(root) - kept.keys())
    kept |= {path: sha256((root / path).read_bytes()).hexdigest() for path in fresh}
    lines = (f"{digest}  {path}\n" for path, digest in sorted(kept.items()))
    (root / SUMS).write_text("".join(lines), "ascii")
    return fresh


def forgotten(released: bytes, today: bytes | None) -> Iterator[str]:
    """A sentence for each line of a released list that today's has lost."""
    lines = set((today or b"").splitlines())
    for line in released.splitlines():
        if line not in lines:
            path = line.decode().partition("  ")[2]
            yield f"golden/{path}: its released digest is never changed or taken out"


_RUN = "run: python -m contracts build"


def _made() -> dict[str, bytes]:
    return {path_of(type): message(type) for type in BY_TYPE}


def _present(root: Path) -> set[str]:
    return {path.relative_to(root).as_posix() for path in root.glob("*/*.json")}
