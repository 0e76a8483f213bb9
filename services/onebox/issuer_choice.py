"""Which of the two issuers does a box have: invented people, or accounts of its own?"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from fastapi import FastAPI

from services.onebox.accounts import AccountRefused, Accounts
from services.onebox.issuer import development_issuer, issuer_app
from services.onebox.issuer_door import own_issuer_app
from services.onebox.issuer_own import OwnIssuer
from services.onebox.keyring import Keyring
from services.onebox.serving import Surroundings


@dataclass(frozen=True, slots=True)
class SignIn:
    """How people come in. `own` is there in production; `reader` makes tools' tokens in trials."""

    app: FastAPI
    own: OwnIssuer | None = None
    reader: Callable[[], str] | None = None


def admitted(home: Path, *, production: bool) -> None:
    """Raise `AccountRefused` where a home of one kind is started as the other."""
    accounts = Accounts(home)
    if production:
        accounts.open()
    elif accounts.exist():
        raise AccountRefused(
            f"{home} 是正式运行的数据目录 · {home} is a production home, and without "
            "--production-mode anybody could be anyone in it: start it with that option, or "
            "choose another --home to try things out."
        )


def sign_in_of(
    around: Surroundings, keyring: Keyring, services: Sequence[str], clock_file: Path,
    address: str,
) -> SignIn:  # fmt: skip
    """The issuer of this box; `address` is the console as people type it."""
    if around.mode == "production":
        accounts = Accounts(keyring.home)
        accounts.open(address)
        own = OwnIssuer(around.issuer, keyring, services, accounts, address)
        return SignIn(own_issuer_app(own), own=own)
    issuer = development_issuer(
        around.issuer, keyring, services, mode=around.mode, clock_file=clock_file,
        packs=around.packs,
    )  # fmt: skip
    reader = next((p for p in issuer.people if "auditor" in p.roles), None)
    token = (lambda: issuer.token_of(reader)) if reader else None
    return SignIn(issuer_app(issuer), reader=token)
