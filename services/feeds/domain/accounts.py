"""Which accounts and rights does the agencies' own NATS server have: generated, never hand-written."""

from datetime import datetime
from typing import Any

from services.feeds.domain.agencies import Agency, Register

CORE = "FEEDS"
WRITER = "feeds"
MAX_PAYLOAD = 256 * 1024

type Configuration = dict[str, Any]


def next_subject(agency: Agency) -> str:
    """Where JetStream is asked for the next messages of a feed, in our account."""
    return f"$JS.API.CONSUMER.MSG.NEXT.{agency.stream}.{agency.id}"


def acks(agency: Agency) -> str:
    return f"$JS.ACK.{agency.stream}.{agency.id}.>"


def inbox(agency: Agency) -> str:
    """The only subjects the agency may listen on: nobody else's replies."""
    return f"_INBOX.{agency.id}"


def asking(agency: Agency) -> str:
    """What the agency says instead of the JetStream API."""
    return f"onefile.{agency.id}.next"


def accounts(register: Register, now: datetime, password: str) -> Configuration:
    """The `accounts` of the server: ours, which alone has JetStream, and one per agency.

    An agency whose agreement or keys have ended has no user, hence no way in.
    """
    open_now = [agency for agency in register.agencies if users(agency, now)]
    core: Configuration = {
        "jetstream": "enabled",
        "users": [{"user": WRITER, "password": password}],
        "exports": [export for agency in open_now for export in _exports(agency)],
    }
    return {CORE: core} | {agency.account: _account(agency, now) for agency in open_now}


def users(agency: Agency, now: datetime) -> list[Configuration]:
    """A user for each key that is good now."""
    if not agency.in_force(now):
        return []
    rights = {
        "publish": {"allow": [asking(agency), acks(agency)]},
        "subscribe": {"allow": [f"{inbox(agency)}.>"]},
    }
    return [{"nkey": key.nkey, "permissions": rights} for key in agency.good_keys(now)]


def server(
    register: Register, now: datetime, *, password: str, port: int, store: str, synced: bool
) -> Configuration:
    """The whole configuration of the agencies' server (JSON, which nats-server reads)."""
    return {
        "server_name": "onefile-agencies",
        "host": "127.0.0.1",
        "port": port,
        "max_payload": MAX_PAYLOAD,
        "max_control_line": 4096,
        "max_connections": sum(a.quota.connections for a in register.agencies) + 50,
        "write_deadline": "5s",
        "jetstream": {"store_dir": store, "sync_interval": "always" if synced else "10m"},
        "accounts": accounts(register, now, password),
    }


def _account(agency: Agency, now: datetime) -> Configuration:
    ours = {"account": CORE}
    return {
        "users": users(agency, now),
        "limits": {"max_conn": agency.quota.connections, "max_subs": 200},
        "imports": [
            {"service": ours | {"subject": next_subject(agency)}, "to": asking(agency)},
            {"service": ours | {"subject": acks(agency)}},
        ],
    }


def _exports(agency: Agency) -> list[Configuration]:
    only = {"accounts": [agency.account]}
    return [
        {"service": next_subject(agency), "response_type": "stream"} | only,
        {"service": acks(agency)} | only,
    ]
