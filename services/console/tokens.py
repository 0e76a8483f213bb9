"""Where a person's access token comes from, and how it is renewed while the session lasts."""

from typing import Any

import httpx

from services.console.backend import Backend
from services.console.oidc import refreshed
from services.console.session import Session, fresh
from services.console.settings import ConsoleSettings


async def people(settings: ConsoleSettings, backend: Backend) -> list[dict[str, Any]]:
    """The invented people of the development issuer."""
    response = await backend.client.get(f"{settings.development_issuer}/people")
    response.raise_for_status()
    found: list[dict[str, Any]] = response.json()
    return found


async def development_token(
    settings: ConsoleSettings, backend: Backend, person: str
) -> tuple[str, int]:
    """A token for one of the invented people, and for how many seconds it is good."""
    response = await backend.client.post(
        f"{settings.development_issuer}/token", json={"person": person}
    )
    response.raise_for_status()
    answer = response.json()
    return str(answer["access_token"]), int(answer["expires_in"])


async def renewed(
    settings: ConsoleSettings, backend: Backend, session: Session, now: float
) -> Session:
    """The session with a new token; a fresh one where the issuer gives none any more."""
    try:
        if session.way == "development" and settings.development_issuer:
            token, seconds = await development_token(settings, backend, session.person or "")
            return session.model_copy(update={"token": token, "token_until": now + seconds})
        if session.way == "oidc" and session.refresh:
            return await refreshed(settings, backend, session, now)
    except (httpx.HTTPError, KeyError, ValueError):
        if session.token_until > now:
            return session
    return session if session.token_until > now else fresh()
