"""How one box serves the console: with its own issuer, its own key, on its own address."""

from collections.abc import Mapping
from pathlib import Path

from fastapi import FastAPI
from pydantic import SecretStr

from services.console.app import console
from services.console.geometry import NotGeometry, load_geometry
from services.console.settings import ConsoleSettings
from services.onebox.accounts_pages import account_pages
from services.onebox.errors import PlatformError
from services.onebox.issuer_own import SECRET_OF_CLIENT, OwnIssuer
from services.onebox.keyring import Keyring
from services.onebox.serving import Surroundings
from shared.clock import DevelopmentClock

GEOMETRY = "areas.geojson"


def console_of(
    around: Surroundings, keyring: Keyring, address: str, own: OwnIssuer | None = None, *,
    feeds: str | None = None,
) -> FastAPI:  # fmt: skip
    """The console of this box; in development it offers the invented people.

    `feeds` is where its agencies' door answers. In production it also shows the pages of the
    box's `own` issuer: one address for everything.
    """
    legal = DevelopmentClock(around.clock_file) if around.clock_file else None
    secret = SecretStr(keyring.secret_of(SECRET_OF_CLIENT)) if own else None
    app = console(
        ConsoleSettings(
            mode=around.mode,
            public_address=address,
            peers=dict(_services(around.addresses)) | ({"feeds": feeds} if feeds else {}),
            key_file=keyring.console_key_file,
            packs=around.packs,
            geometry=_geometry(keyring.home),
            development_issuer=around.issuer if around.mode == "development" else None,
            issuer=None if around.mode == "development" else around.issuer,
            client_secret=secret,
        ),
        legal=legal,
    )
    if own:
        app.include_router(account_pages(own))
        app.state.account_page = "/account/security"
    return app


def _geometry(home: Path) -> Path | None:
    """The operator's own map data, where they are in the home; raises `PlatformError`."""
    file = home / GEOMETRY
    if not file.exists():
        return None
    try:
        load_geometry(file)
    except NotGeometry as error:
        raise PlatformError(f"地图数据不能用 · the map data cannot be used: {error}") from None
    return file


def _services(addresses: Mapping[str, str]) -> Mapping[str, str]:
    return {name: at for name, at in addresses.items() if name not in ("console", "issuer")}
