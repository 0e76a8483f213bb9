"""Through which door do the services and the console of one box reach its own issuer?"""

import asyncio
from collections.abc import Mapping
from typing import Annotated, Any, Literal
from urllib.parse import parse_qs

import orjson
import structlog
from fastapi import APIRouter, FastAPI, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from services.onebox.accounts_entering import NotLetIn
from services.onebox.issuer_answers import AccessToken, KeySet
from services.onebox.issuer_own import NotOurs, OwnIssuer
from services.onebox.issuer_signing import LIFETIME
from shared.answering import Answer, answers, sometimes
from shared.auth import Tokens
from shared.effects import system_clock
from shared.http import body_of, create_app
from shared.openapi import inlined
from shared.uploads import reads_itself

log = structlog.get_logger()

FORM = "application/x-www-form-urlencoded"
LARGEST_FORM = 16_384


class ServiceSignIn(BaseModel):
    """A service of this box with its secret (服务登录)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    client: Annotated[str, Field(max_length=80)]
    secret: Annotated[str, Field(max_length=200)]


class Discovery(Answer):
    """OpenID Connect Discovery 1.0: what this issuer says of itself."""

    issuer: str = Field(description="`iss` of its tokens")
    authorization_endpoint: str = Field(description="below the console's address")
    token_endpoint: str = Field(description="RFC 6749: takes a form, for the console alone")
    jwks_uri: str = Field(description="where its keys are")
    response_types_supported: list[str]
    grant_types_supported: list[str]
    code_challenge_methods_supported: list[str]
    subject_types_supported: list[str]
    id_token_signing_alg_values_supported: list[str]
    token_endpoint_auth_methods_supported: list[str]


class TokenForm(BaseModel):
    """What the console shows for its tokens: a code or, later, its refresh token (RFC 6749)."""

    model_config = ConfigDict(frozen=True)

    grant_type: Literal["authorization_code", "refresh_token"]
    client_id: str
    client_secret: str
    code: str | None = Field(None, description="of the arrival; good once")
    redirect_uri: str | None = Field(None, description="as it was at the departure")
    code_verifier: str | None = Field(None, description="whose SHA-256 was given (RFC 7636)")
    refresh_token: str | None = None


class SignedIn(Answer):
    """The tokens of somebody who signed in, for the console (RFC 6749; 登录令牌)."""

    access_token: str = Field(description="a JWT of type at+jwt (RFC 9068)")
    token_type: str = Field(description="Bearer")
    expires_in: int = Field(description="seconds (秒)")
    refresh_token: str = Field(description="for the next access token (刷新令牌)")
    id_token: str = sometimes("who signed in (OpenID Connect); for a code alone")


class NotGiven(Answer):
    """Why there is no token, in the words of RFC 6749 §5.2 (不发令牌的原因)."""

    error: Literal[
        "invalid_request", "invalid_client", "invalid_grant", "temporarily_unavailable"
    ] = Field(description="RFC 6749 §5.2")


def own_issuer_app(issuer: OwnIssuer) -> FastAPI:
    """Its HTTP application: for the services and the console of this box, on loopback."""

    async def keys() -> dict[str, Any]:
        return issuer.jwks()

    async def ready() -> dict[str, bool]:
        return {"key": True}

    app = create_app(
        "issuer",
        public=[_router(issuer), _token_endpoint(issuer)],
        tokens=Tokens(issuer.url, keys, system_clock),
        ready=ready,
    )
    app.state.started = True
    return app


def _form(body: bytes) -> dict[str, str]:
    """Each member once, as RFC 6749 demands; raises ValueError."""
    found = parse_qs(body.decode(), strict_parsing=True, max_num_fields=20)
    if any(len(values) > 1 for values in found.values()):
        raise ValueError("a parameter twice")
    return {name: values[0] for name, values in found.items()}


def _said(status: int, content: Mapping[str, Any]) -> Response:
    never = {"Cache-Control": "no-store"}
    return Response(orjson.dumps(content), status, never, "application/json")


def _token_endpoint(issuer: OwnIssuer) -> APIRouter:
    """The token endpoint of OAuth takes a form, which the boundary of our APIs does not."""
    router = APIRouter(tags=["issuer"])
    told = answers(SignedIn)
    told["responses"] |= {
        status: {"model": NotGiven, "description": "No token, and why."}
        for status in (400, 401, 503)
    }
    form = {FORM: {"schema": inlined(TokenForm.model_json_schema())}}

    @router.post(
        "/oidc/token",
        summary="登录令牌 The token endpoint of OAuth 2.0, for the console alone",
        openapi_extra={"requestBody": {"required": True, "content": form}},
        **told,
    )
    async def exchange(request: Request) -> Response:
        """A code or a refresh token becomes tokens. What is wrong is said as RFC 6749 says it."""
        media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        length = request.headers.get("content-length", "")
        if media != FORM or not length.isdigit() or int(length) > LARGEST_FORM:
            return _said(400, {"error": "invalid_request"})
        try:
            form = _form(await request.body())
            return _said(200, await asyncio.to_thread(issuer.exchanged, form))
        except NotOurs:
            return _said(401, {"error": "invalid_client"})
        except (NotLetIn, ValueError) as error:
            log.warning("sign_in_refused", why=str(error)[:40])
            return _said(400, {"error": "invalid_grant"})
        except Exception as error:
            log.error("request_failed", service="issuer", path="/oidc/token", exc_info=error)
            return _said(503, {"error": "temporarily_unavailable"})

    reads_itself(exchange)
    return router


def _router(issuer: OwnIssuer) -> APIRouter:
    router = APIRouter(tags=["issuer"])

    @router.get("/.well-known/openid-configuration", **answers(Discovery))
    async def discovery() -> dict[str, Any]:
        """What this issuer says of itself."""
        return issuer.metadata()

    @router.get("/jwks.json", **answers(KeySet))
    async def jwks() -> dict[str, Any]:
        """The public keys of access tokens."""
        return issuer.jwks()

    schema = {"application/json": {"schema": ServiceSignIn.model_json_schema()}}

    @router.post(
        "/token",
        openapi_extra={"requestBody": {"required": True, "content": schema}},
        **answers(AccessToken),
    )
    async def token(request: Request) -> dict[str, Any]:
        """An access token for a service, for ten minutes."""
        asked = await body_of(request, ServiceSignIn)
        text = issuer.token_for_service(asked.client, asked.secret)
        return {"access_token": text, "token_type": "Bearer", "expires_in": LIFETIME}

    return router
