"""What may be asked of each service over HTTP: its OpenAPI document, made without any server.

python -m services.onebox.describing build | check
"""

import argparse
import asyncio
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import asyncpg
from fastapi import FastAPI
from pydantic import SecretStr

from contracts.documents import HERE
from services.archive.app import SPEC as ARCHIVE
from services.assignment.app import SPEC as ASSIGNMENT
from services.evaluation.app import SPEC as EVALUATION
from services.feeds.app import application as feeds
from services.intake.app import SPEC as INTAKE
from services.onebox.accounts import Accounts
from services.onebox.issuer import development_issuer, issuer_app
from services.onebox.issuer_door import own_issuer_app
from services.onebox.issuer_own import OwnIssuer
from services.onebox.keyring import Keyring
from services.supervision.app import SPEC as SUPERVISION
from shared.auth import Tokens
from shared.effects import system_clock
from shared.eventstore.disclosure import Keeper
from shared.eventstore.forgetting import Protection
from shared.eventstore.log import Log
from shared.eventstore.postgres import Connection
from shared.eventstore.writer import Writer
from shared.handling import Handling
from shared.packs import Packs
from shared.past import Past
from shared.peers import Peers
from shared.projecting import Views
from shared.rechecking import Checker
from shared.runtime import Floor, ServiceSpec, application
from shared.settings import Settings

OPENAPI = HERE / "generated" / "openapi"
SPOKEN = (INTAKE, ASSIGNMENT, SUPERVISION, EVALUATION, ARCHIVE)
NOWHERE = "postgresql://nowhere.invalid/none"


async def documents() -> dict[str, str]:
    """The OpenAPI 3.1 document of each service by its file's name: the same bytes every time."""
    return {f"{name}.json": _text(app) for name, app in sorted((await apps()).items())}


async def apps() -> dict[str, FastAPI]:
    """The doors by their names: the five services', that of agencies, both issuers' of one box."""
    with TemporaryDirectory(prefix="onefile-described-") as folder:
        key = Path(folder) / "deployment.key"
        key.write_bytes(bytes(32))
        made = {spec.name: await _unconnected(spec, key) for spec in SPOKEN}
        keyring, accounts = Keyring(Path(folder) / "home"), Accounts(Path(folder))
        (Path(folder) / "home").mkdir(0o700)
        keyring.open(first_time=True)
        own = OwnIssuer(
            "https://issuer.invalid", keyring, (), accounts, "https://desks.invalid"
        )
        invented = development_issuer(
            "https://issuer.invalid", keyring, (),
            mode="development", clock_file=Path(folder) / "clock.json", packs=Path(folder),
        )  # fmt: skip
    made["feeds"] = feeds(Tokens("", _nothing, system_clock), _nothing)
    made["issuer"] = own_issuer_app(own)
    return made | {"issuer-development": issuer_app(invented)}


def build(made: Mapping[str, str], folder: Path = OPENAPI) -> None:
    """Write the documents, and remove those of services that are no more."""
    folder.mkdir(parents=True, exist_ok=True)
    for path in folder.iterdir():
        if path.name not in made:
            path.unlink()
    for name, text in made.items():
        (folder / name).write_text(text, "utf-8")


def drift(made: Mapping[str, str], folder: Path = OPENAPI) -> list[str]:
    """One sentence per file that is not what would be made now."""
    there = {path.name: path.read_text("utf-8") for path in folder.glob("*")}
    told = {
        **{name: "missing" for name in made.keys() - there.keys()},
        **{name: "no longer made" for name in there.keys() - made.keys()},
        **{n: "differs" for n in made.keys() & there.keys() if made[n] != there[n]},
    }
    return [f"{name}: {why}" for name, why in sorted(told.items())]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a verb; returns 0, or 1 when a committed document is not what would be made."""
    parser = argparse.ArgumentParser(
        "python -m services.onebox.describing", description=__doc__
    )
    parser.add_argument("verb", choices=["build", "check"])
    chosen = parser.parse_args(arguments)
    made = asyncio.run(documents())
    if chosen.verb == "build":
        build(made)
        print(f"{len(made)} documents in {OPENAPI.relative_to(HERE.parent)}")
        return 0
    problems = drift(made)
    for problem in problems:
        print(f"generated/openapi/{problem}; run: make contracts", file=sys.stderr)
    return 1 if problems else 0


async def _unconnected(spec: ServiceSpec, key: Path) -> FastAPI:
    """The service's door on a floor that leads nowhere: nothing is opened, nobody is asked."""
    pool = asyncpg.create_pool(NOWHERE, min_size=0)
    settings = Settings(
        service=spec.name, database=SecretStr(NOWHERE), keys_database=SecretStr(NOWHERE),
        issuer="https://issuer.invalid", jwks_url="https://issuer.invalid/jwks.json",
        deployment_key_file=key,
    )  # fmt: skip
    store, keeper = (
        Log(spec.name, pool, Writer(spec.name, _no_connection)),
        Keeper(pool, bytes(32)),
    )
    floor = Floor(
        settings, store, Handling(store, keeper, b""), keeper, system_clock,
        Peers(spec.name, {}, token_url=None, secret=None), Views(store, NOWHERE, {}),
        Packs.load(None), Protection(pool, settings.erasure_list()),
        Past(store, NOWHERE, {}, system_clock),
    )  # fmt: skip
    checker = Checker(spec.name, NOWHERE, {}, {}, None, None, system_clock)
    return application(spec, await spec.build(floor), floor, (), checker, _nothing)


async def _nothing() -> dict[str, bool]:
    return {}


async def _no_connection() -> Connection:
    raise ConnectionError("this service is only described")


def _text(app: FastAPI) -> str:
    return json.dumps(app.openapi(), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


if __name__ == "__main__":
    sys.exit(main())
