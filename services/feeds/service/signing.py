"""By which name and key is a feed vouched for: checkpoints of its tree, and webhooks."""

from base64 import b64encode
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from services.feeds.settings import Settings
from shared.problems import Problem
from shared.tlog.checkpoint import Checkpoint
from shared.tlog.note import Ed25519Signer, signed


@dataclass(frozen=True, slots=True)
class Seal:
    """The key of the log, under the name of each feed; None: nothing is signed here."""

    origin: str | None
    private: Ed25519PrivateKey | None

    @classmethod
    def of(cls, settings: Settings) -> "Seal":
        seed = settings.log_seed()
        private = Ed25519PrivateKey.from_private_bytes(seed) if seed else None
        return cls(settings.log_origin, private)

    def vkey(self, feed: str) -> str:
        """What the agency pins; raises `Problem` where nothing is signed."""
        return self._signer(feed).verifier.vkey

    def checkpoint(self, feed: str, size: int, root: bytes) -> str:
        """That the first `size` messages of the feed have this root."""
        signer = self._signer(feed)
        return str(signed(str(Checkpoint(signer.name, size, root)), [signer]))

    def webhook_key(self) -> str:
        """The public key of webhook signatures, as Standard Webhooks writes it."""
        return f"whpk_{b64encode(self._private().public_key().public_bytes_raw()).decode()}"

    def webhook_signature(self, content: bytes) -> str:
        return f"v1a,{b64encode(self._private().sign(content)).decode()}"

    def _signer(self, feed: str) -> Ed25519Signer:
        return Ed25519Signer(f"{self.origin}/feeds/{feed}", self._private())

    def _private(self) -> Ed25519PrivateKey:
        if self.private is None:
            raise Problem("feed_unsigned")
        return self.private
