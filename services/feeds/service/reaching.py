"""Where may a webhook go: the name is resolved by us, and only addresses of the agreed kind pass."""

import asyncio
import socket
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import NamedTuple
from urllib.parse import urlsplit, urlunsplit

from services.feeds.domain.agencies import Webhook

_TRANSLATED = IPv6Network("64:ff9b::/96")


class Unreachable(Exception):
    """The address may not be called, or is not known; the message says why."""


class Target(NamedTuple):
    """An address that was looked up and allowed: connect there, and nowhere else."""

    url: str
    host: str
    authority: str


async def target_of(hook: Webhook) -> Target:
    """Resolve the webhook's host; raises `Unreachable`. The answer is used, not looked up again."""
    parts = urlsplit(hook.url)
    assert parts.hostname
    port = parts.port or (443 if parts.scheme == "https" else 80)
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(5):
            found = await loop.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)
    except (OSError, TimeoutError, UnicodeError):
        raise Unreachable(f"地址无法解析 · {parts.hostname} is not known") from None
    addresses = list(dict.fromkeys(str(one[4][0]) for one in found))
    wrong = [one for one in addresses if not _allowed(one, hook.reach)]
    if wrong or not addresses:
        raise Unreachable(
            f"{parts.hostname} 指向不允许的网络 · leads to {', '.join(wrong)}, which is not "
            f"{hook.reach}"
        )
    place = f"[{addresses[0]}]" if ":" in addresses[0] else addresses[0]
    url = urlunsplit(parts._replace(netloc=f"{place}:{port}"))
    return Target(url, parts.hostname, parts.netloc)


def _carried(address: IPv6Address) -> IPv4Address | None:
    """The address of the older kind that is meant: mapped, 6to4, Teredo, or translated (NAT64)."""
    if address in _TRANSLATED:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    teredo = address.teredo
    return address.ipv4_mapped or address.sixtofour or (teredo[1] if teredo else None)


def _allowed(text: str, reach: str) -> bool:
    address = ip_address(text.partition("%")[0])
    if isinstance(address, IPv6Address) and (inner := _carried(address)):
        address = inner
    never = address.is_link_local or address.is_multicast or address.is_unspecified
    if never or (address.is_reserved and not address.is_loopback):
        return False
    match reach:
        case "loopback":
            return address.is_loopback
        case "private":
            return address.is_private and not address.is_loopback
    return address.is_global
