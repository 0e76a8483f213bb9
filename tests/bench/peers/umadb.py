"""How fast does UmaDB append under the condition that the matter is new?

Run as `python -m tests.bench.peers.umadb append CLIENTS SECONDS URL` on an empty server.
"""

import json
import sys
from uuid import uuid4

from umadb import (  # type: ignore[import-not-found,unused-ignore]
    AppendCondition,
    Client,
    Event,
    Query,
    QueryItem,
)

from tests.bench.peers.window import TEXT, actor, drive_threads, line


def measure(clients: int, seconds: float, url: str) -> str:
    """The JSON line of one measurement of UmaDB."""
    connections = [Client(url) for _ in range(clients)]

    def append(client: int) -> None:
        tag = f"matter-{uuid4()}"
        data = json.dumps({"actor": actor(), "text": TEXT}).encode()
        noted = Event(event_type="Noted", tags=[tag], data=data, uuid=uuid4())
        is_new = Query(items=[QueryItem(types=[], tags=[tag])])
        condition = AppendCondition(fail_if_events_match=is_new, after=None)
        connections[client].append([noted], condition=condition)

    return line(drive_threads(clients, seconds, append), seconds)


if __name__ == "__main__":
    if sys.argv[1] != "append":
        raise SystemExit("UmaDB is measured on append only.")
    print(measure(int(sys.argv[2]), float(sys.argv[3]), sys.argv[4]), flush=True)
