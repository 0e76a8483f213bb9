"""Who is let in by a passkey: a key on a device of the person's, opened by finger, face or PIN?"""

import json
from base64 import b64decode, b64encode
from collections.abc import Mapping
from ipaddress import ip_address
from threading import Lock
from typing import Any
from urllib.parse import urlsplit

from fido2.server import Fido2Server
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialUserEntity,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from services.onebox.accounts import Account, Accounts, Passkey
from services.onebox.accounts_entering import Holder, NotLetIn
from services.onebox.accounts_log import did
from shared.effects import monotonic

GOOD_FOR, MOST_ASKED = 300.0, 10_000
"""Seconds in which a device may answer, and how many answers are waited for at once."""
MOST_KEYS = 10
VERIFIED = UserVerificationRequirement.REQUIRED
"""The device itself must have checked who holds it: so one passkey is two factors."""


class Passkeys:
    """The passkeys of one box. `address` is the console as people type it: keys are for it alone."""

    def __init__(self, accounts: Accounts, address: str) -> None:
        host = urlsplit(address).hostname or ""
        self.accounts, self.offered = accounts, _is_name(host)
        party = PublicKeyCredentialRpEntity(id=host, name="一事一档 Onefile")
        self._server = Fido2Server(party, verify_origin=lambda origin: origin == address)
        self._asked: dict[str, float] = {}
        self._alone = Lock()

    def ask(self) -> tuple[dict[str, Any], str]:
        """What the browser is asked for at a sign-in, and the challenge that its answer is to."""
        options, state = self._server.authenticate_begin(user_verification=VERIFIED)
        return self._waited_for(options, state)

    def let_in(self, challenge: str, said: str) -> Holder:
        """Whose key signed this challenge; raises `NotLetIn("wrong")`, whatever was wrong."""
        state = self._answered(challenge)
        with self.accounts.changing() as book:
            owners = {
                one.id: (known, one)
                for known in book.accounts.values()
                if known.state == "active"
                for one in known.passkeys
            }
            try:
                answer = json.loads(said)
                every = [
                    AttestedCredentialData(b64decode(k.public)) for _, k in owners.values()
                ]
                used = self._server.authenticate_complete(state, every, answer)
                told = AuthenticationResponse.from_dict(answer).response.authenticator_data
                known, key = owners[used.credential_id.hex()]
            except Exception as error:  # whatever the bytes of a stranger did to the library
                raise NotLetIn("wrong") from error
            if (told.counter or key.counter) and told.counter <= key.counter:
                raise NotLetIn("wrong")  # the device has a double
            moved = key.model_copy(update={"counter": told.counter})
            keys = tuple(moved if one.id == key.id else one for one in known.passkeys)
            done = book.put(known.model_copy(update={"passkeys": keys, "wrong": 0}))
        return Holder(done, f"account:{done.name}", done.generation)

    def ask_new(self, account: Account) -> tuple[dict[str, Any], str]:
        """What the browser is asked for when a device is added."""
        person = PublicKeyCredentialUserEntity(
            id=account.person.encode(), name=account.name, display_name=account.called
        )
        options, state = self._server.register_begin(
            person,
            [AttestedCredentialData(b64decode(one.public)) for one in account.passkeys],
            resident_key_requirement=ResidentKeyRequirement.REQUIRED,
            user_verification=VERIFIED,
        )
        return self._waited_for(options, state)

    def add(self, holder: Holder, challenge: str, said: str, called: str) -> None:
        """One more device of somebody who has just signed in; raises `NotLetIn`."""
        state, name = self._answered(challenge), holder.key.removeprefix("account:")
        try:
            data = self._server.register_complete(state, json.loads(said)).credential_data
            assert data is not None
        except Exception as error:
            raise NotLetIn("passkey") from error
        made = Passkey(
            id=data.credential_id.hex(), public=b64encode(data).decode(), counter=0,
            called=" ".join(called.split())[:40] or "1", made=self.accounts.now(),
        )  # fmt: skip
        noted = did("passkey", name, holder.post.person, called=made.called)
        with self.accounts.changing(noted) as book:
            known = book.account(name)
            taken = any(one.id == made.id for a in book.accounts.values() for one in a.passkeys)
            if taken or len(known.passkeys) >= MOST_KEYS or known.state != "active":
                raise NotLetIn("passkey")
            book.put(known.model_copy(update={"passkeys": (*known.passkeys, made)}))

    def remove(self, name: str, id: str) -> None:
        """This device lets nobody in any more."""
        known = self.accounts.read().account(name)
        if not any(one.id == id for one in known.passkeys):
            return
        with self.accounts.changing(did("passkey_removed", name, known.person)) as book:
            now = book.account(name)
            kept = tuple(one for one in now.passkeys if one.id != id)
            book.put(now.model_copy(update={"passkeys": kept}))

    def _waited_for(self, options: Mapping[str, Any], state: Any) -> tuple[dict[str, Any], str]:
        challenge, now = str(state["challenge"]), monotonic()
        with self._alone:
            kept = {key: until for key, until in self._asked.items() if now < until}
            for oldest in list(kept)[: max(len(kept) - MOST_ASKED + 1, 0)]:
                del kept[oldest]
            self._asked = {**kept, challenge: now + GOOD_FOR}
        return json.loads(json.dumps(dict(options)))["publicKey"], challenge

    def _answered(self, challenge: str) -> dict[str, Any]:
        """The state of a challenge, which is answered once; raises `NotLetIn`."""
        with self._alone:
            until = self._asked.pop(challenge, 0.0)
        if not self.offered or until < monotonic():
            raise NotLetIn("wrong")
        return {"challenge": challenge, "user_verification": VERIFIED}


def of_person(accounts: Accounts, person: str) -> Account | None:
    """The account of who is signed in; none for who came by a personal link."""
    book = accounts.read()
    return next(
        (a for a in book.accounts.values() if a.person == person and a.state == "active"), None
    )


def _is_name(host: str) -> bool:
    """Keys are kept for a name; for a bare address browsers make none."""
    try:
        ip_address(host)
    except ValueError:
        return bool(host)
    return False
