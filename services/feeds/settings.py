"""What the operator tells feeds: read once, refused at the start when it makes no sense."""

from pathlib import Path
from typing import Self

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from shared.settings import PROXIES, THIS_MACHINE, Addresses, Drain, Proxies

NAME = "feeds"
PORT = 8607


class Settings(BaseSettings):
    """`ONEFILE_*` variables of the agencies' door."""

    model_config = SettingsConfigDict(env_prefix="ONEFILE_", extra="forbid", frozen=True)

    agencies: Path = Field(description="agencies.yaml: who receives what, and until when")
    database: SecretStr = Field(description="its own database; {service} stands for feeds")
    nats_url: str = "nats://127.0.0.1:4222"
    nats_token: SecretStr | None = None
    agency_nats_url: str | None = Field(
        default=None,
        description="the agencies' own nats-server; without it they have HTTP and webhooks",
    )
    agency_nats_password: SecretStr | None = None
    peers: Addresses = Field(default={}, description="service -> base address of its API")
    issuer: str = Field(description="the `iss` of access tokens of our own people")
    jwks_url: str = Field(description="where the issuer publishes its keys")
    token_url: str | None = Field(
        default=None, description="where feeds gets its own token to read its peers"
    )
    service_secret: SecretStr | None = None
    log_key_file: Path | None = Field(
        default=None, description="32 bytes, mode 0600: signs the feeds and the webhooks"
    )
    log_origin: str | None = Field(default=None, pattern=r"^[^\s+/][^\s+]{2,200}$")
    host: str = "127.0.0.1"
    port: int = Field(default=PORT, ge=1, le=65535)
    drain: Drain = 3.0
    trusted_proxies: Proxies = Field(default=THIS_MACHINE, description=PROXIES)

    @model_validator(mode="after")
    def _sensible(self) -> Self:
        for one, other in (
            ("log_key_file", "log_origin"),
            ("agency_nats_url", "agency_nats_password"),
        ):
            if (getattr(self, one) is None) != (getattr(self, other) is None):
                raise ValueError(
                    f"ONEFILE_{one.upper()} 与 ONEFILE_{other.upper()} 须同时设置 · go together: "
                    "set both, or neither"
                )
        return self

    def dsn(self) -> str:
        return self.database.get_secret_value().replace("{service}", NAME)

    def log_seed(self) -> bytes | None:
        """The 32 bytes that sign, if anything is signed; raises ValueError with the remedy."""
        if self.log_key_file is None:
            return None
        seed = self.log_key_file.read_bytes()
        if len(seed) != 32:
            raise ValueError(
                f"{self.log_key_file} 应恰为 32 字节：请从其备份恢复 · "
                f"{self.log_key_file} must hold exactly 32 bytes: restore it from its backup"
            )
        return seed
