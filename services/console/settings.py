"""What the operator tells the console: read once, refused at the start when it makes no sense."""

from pathlib import Path
from typing import Literal, Self

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from services.console.geometry import load_geometry
from shared.settings import PROXIES, THIS_MACHINE, Addresses, Drain, Proxies

SERVICES = ("intake", "assignment", "supervision", "evaluation", "archive")


class ConsoleSettings(BaseSettings):
    """`ONEFILE_CONSOLE_*` variables."""

    model_config = SettingsConfigDict(
        env_prefix="ONEFILE_CONSOLE_", extra="forbid", frozen=True
    )

    mode: Literal["production", "development"] = "production"
    host: str = "127.0.0.1"
    port: int = Field(default=8600, ge=0, le=65535)
    public_address: str = Field(
        default="http://127.0.0.1:8600",
        pattern=r"^https?://[^\s/]+$",
        description="the address that people type; with https the cookie is sent by https alone",
    )
    peers: Addresses = Field(description="service -> base address of its API")
    key_file: Path = Field(description="32 bytes, mode 0600: seals the session cookie")
    packs: Path | None = Field(
        default=None, description="a folder of packs; default: shipped ones"
    )
    geometry: Path | None = Field(
        default=None,
        description="GeoJSON outlines of areas, properties.adcode: the map of open matters",
    )
    development_issuer: str | None = Field(
        default=None, description="development only: the issuer that offers invented people"
    )
    issuer: str | None = Field(
        default=None, description="OpenID Connect issuer; discovered at its well-known address"
    )
    client_id: str = "onefile-console"
    client_secret: SecretStr | None = None
    scope: str = "openid profile onefile-api"
    drain: Drain = 3.0
    trusted_proxies: Proxies = Field(default=THIS_MACHINE, description=PROXIES)
    hours: int = Field(
        default=10, ge=1, le=24, description="a session ends after so many hours (默认值)"
    )

    @field_validator("geometry")
    @classmethod
    def _drawable(cls, file: Path | None) -> Path | None:
        if file:
            load_geometry(file)
        return file

    @model_validator(mode="after")
    def _sensible(self) -> Self:
        if self.development_issuer and self.mode != "development":
            raise ValueError(
                "ONEFILE_CONSOLE_DEVELOPMENT_ISSUER 让任何人冒充任何人，只供开发：请去掉，"
                "或设 ONEFILE_CONSOLE_MODE=development · "
                "ONEFILE_CONSOLE_DEVELOPMENT_ISSUER lets anybody be anyone and is for "
                "development: remove it, or set ONEFILE_CONSOLE_MODE=development"
            )
        if not self.development_issuer and not self.issuer:
            raise ValueError(
                "无人能登录：请把 ONEFILE_CONSOLE_ISSUER 设为您的身份提供方 · "
                "Nobody can sign in: set ONEFILE_CONSOLE_ISSUER to your identity provider"
            )
        return self

    @property
    def secure(self) -> bool:
        """Whether the browser must keep the cookie to https."""
        return self.public_address.startswith("https://")

    def key(self) -> bytes:
        """32 bytes; raises ValueError with the remedy."""
        key = self.key_file.read_bytes()
        if len(key) != 32:
            raise ValueError(
                f"{self.key_file} 应恰为 32 字节：请删去后重新启动；只需重新登录，别无损失 · "
                f"{self.key_file} must hold exactly 32 bytes: remove it and start again; "
                "people sign in anew, nothing else is lost."
            )
        return key
