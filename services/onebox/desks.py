"""How one box serves the console: with its own issuer, its own key, on its own address."""

from collections.abc import Mapping

from fastapi import FastAPI

from services.console.app import console
from services.console.settings import ConsoleSettings
from services.onebox.keyring import Keyring
from services.onebox.serving import Surroundings
from shared.clock import DevelopmentClock


def console_of(around: Surroundings, keyring: Keyring, address: str) -> FastAPI:
    """The console of this box; in development it offers the invented people."""
    legal = DevelopmentClock(around.clock_file) if around.clock_file else None
    return console(
        ConsoleSettings(
            mode=around.mode,
            public_address=address,
            peers=dict(_services(around.addresses)),
            key_file=keyring.console_key_file,
            packs=around.packs,
            development_issuer=around.issuer if around.mode == "development" else None,
            issuer=None if around.mode == "development" else around.issuer,
        ),
        legal=legal,
    )


def _services(addresses: Mapping[str, str]) -> Mapping[str, str]:
    return {name: at for name, at in addresses.items() if name not in ("console", "issuer")}
