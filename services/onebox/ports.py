"""Which ports are free here, and what answers on them."""

import asyncio
import contextlib
import secrets
import socket

from services.onebox.errors import PlatformError

HOST = "127.0.0.1"
PORTS_TRIED = 100


def free_port(wanted: int) -> int:
    """`wanted` if it is free on 127.0.0.1, else the next free one; 0 asks for any.

    "Any" stays below the range from which the kernel gives clients their ports: else a client
    that calls while the server is down may be given the server's port and call itself.
    """
    first = wanted or 12_000 + secrets.randbelow(16_000)
    for port in range(first, first + PORTS_TRIED):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            with contextlib.suppress(OSError):
                probe.bind((HOST, port))
                return port
    last = first + PORTS_TRIED - 1
    raise PlatformError(
        f"{first} 至 {last} 没有空闲端口，请腾出一个 · No free port from {first} to {last}: free one."
    )


async def listens(port: int) -> bool:
    """Does anything accept connections there."""
    try:
        _, writer = await asyncio.open_connection(HOST, port)
    except OSError:
        return False
    writer.close()
    return True


async def greeting(port: int) -> str:
    """The first line the server says; empty while it does not listen."""
    try:
        reader, writer = await asyncio.open_connection(HOST, port)
    except OSError:
        return ""
    try:
        line = await asyncio.wait_for(reader.readline(), 2)
    except (OSError, TimeoutError):
        return ""
    finally:
        writer.close()
    return line.decode(errors="replace")
