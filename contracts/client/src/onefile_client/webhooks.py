"""Is a webhook genuine: signed by the operator (Standard Webhooks), and of this moment?"""

import hmac
import time
from base64 import b64decode
from collections.abc import Mapping
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

TOLERANCE = 300


class NotGenuine(Exception):
    """Answer 400 or 401, and do nothing with the body."""


def verified(
    headers: Mapping[str, str], body: bytes, key: str, *, now: float | None = None
) -> str:
    """The id of a genuine message; `key` is `whpk_…` (public) or `whsec_…` (shared).

    Raises `NotGenuine`. The id stays the same when a message is sent again.
    """
    told = {name.lower(): value for name, value in headers.items()}
    try:
        id, stamp = told["webhook-id"], told["webhook-timestamp"]
        signatures = told["webhook-signature"].split()
        moment = int(stamp)
    except (KeyError, ValueError):
        raise NotGenuine("缺少签名头 · the webhook headers are missing") from None
    if abs((time.time() if now is None else now) - moment) > TOLERANCE:
        raise NotGenuine("时间相差超过五分钟 · more than five minutes off")
    content = f"{id}.{stamp}.".encode() + body
    if not any(_fits(one, content, key) for one in signatures):
        raise NotGenuine("签名不符 · no signature fits")
    return id


def _fits(signature: str, content: bytes, key: str) -> bool:
    version, _, text = signature.partition(",")
    try:
        raw = b64decode(text, validate=True)
        if version == "v1a" and key.startswith("whpk_"):
            public = Ed25519PublicKey.from_public_bytes(b64decode(key.removeprefix("whpk_")))
            public.verify(raw, content)
            return True
        if version == "v1" and key.startswith("whsec_"):
            secret = b64decode(key.removeprefix("whsec_"))
            return hmac.compare_digest(raw, hmac.digest(secret, content, sha256))
    except (ValueError, InvalidSignature):
        return False
    return False
