"""How is the embedded nats-server configured and run: loopback, a token, every write synced."""

import json
import os
import signal
from dataclasses import dataclass
from pathlib import Path

from services.onebox.binaries import Server
from services.onebox.child import Child, dying_with_us
from services.onebox.private import kept_secret, private_directory, write_private

MAX_PAYLOAD = 256 * 1024


@dataclass(frozen=True, slots=True)
class Bus:
    """A JetStream store below `home`, and the server program that runs it."""

    home: Path
    server: Server
    durable: bool

    def token(self) -> str:
        return kept_secret(self.home / "nats.token")

    def start(self, port: int) -> Child:
        """Starts the server on 127.0.0.1; the caller waits until it answers."""
        configuration = self.home / "nats.conf"
        private_directory(self.home / "nats")
        write_private(configuration, self.configuration(port))
        return Child(
            "nats",
            [*dying_with_us("TERM"), self.server.path, "--config", configuration],
            log=self.home / "log" / "nats.log",
            env=dict(os.environ) | {"TMPDIR": str(self.home / "tmp")},
            stop_signal=signal.SIGTERM,
        )

    def configuration(self, port: int) -> str:
        """The configuration file's text (JSON, which nats-server reads).

        JetStream acknowledges before it syncs unless told `always`; an acknowledged event
        must survive a power cut, so it is told.
        """
        return json.dumps(
            {
                "server_name": "onefile",
                "host": "127.0.0.1",
                "port": port,
                "max_payload": MAX_PAYLOAD,
                "authorization": {"token": self.token()},
                "jetstream": {
                    "store_dir": str(self.home / "nats"),
                    "sync_interval": "always" if self.durable else "10m",
                },
            },
            indent=2,
        )
