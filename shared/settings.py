"""What the operator tells a service: read once, refused at the start when it makes no sense."""

from pathlib import Path
from typing import Literal, Self

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

PORTS = {
    "console": 8600,
    "intake": 8601,
    "assignment": 8602,
    "supervision": 8603,
    "evaluation": 8604,
    "archive": 8605,
}


class Settings(BaseSettings):
    """`ONEFILE_*` variables. `database` and `peers` hold `{service}` where its name goes."""

    model_config = SettingsConfigDict(env_prefix="ONEFILE_", extra="forbid", frozen=True)

    service: str
    database: SecretStr = Field(
        description="postgresql://user:password@host:port/onefile_{service}; each service its own"
    )
    keys_database: SecretStr = Field(
        description="the database of data keys, apart from the rest"
    )
    nats_url: str = "nats://127.0.0.1:4222"
    nats_token: SecretStr | None = None
    host: str = "127.0.0.1"
    port: int = Field(default=0, ge=0, le=65535, description="0: the service's usual port")
    peers: dict[str, str] = Field(default={}, description="service -> base address of its API")
    issuer: str = Field(description="the `iss` of access tokens")
    jwks_url: str = Field(description="where the issuer publishes its keys")
    token_url: str | None = Field(
        default=None, description="where this service gets its own token to read its peers"
    )
    service_secret: SecretStr | None = None
    deployment_key_file: Path = Field(description="32 bytes, mode 0600: wraps the data keys")
    packs: Path | None = Field(
        default=None, description="a folder of packs; default: shipped ones"
    )
    mode: Literal["production", "development"] = "production"
    clock_file: Path | None = Field(
        default=None, description="development only: a movable clock"
    )

    @model_validator(mode="after")
    def _sensible(self) -> Self:
        if self.clock_file is not None and self.mode != "development":
            raise ValueError(
                "ONEFILE_CLOCK_FILE moves the clock and is for development: remove it, or set "
                "ONEFILE_MODE=development"
            )
        return self

    def dsn(self) -> str:
        """The address of this service's own database."""
        return self.database.get_secret_value().replace("{service}", self.service)

    def listens_on(self) -> int:
        return self.port or PORTS[self.service]

    def deployment_key(self) -> bytes:
        """32 bytes; raises ValueError with the remedy."""
        key = self.deployment_key_file.read_bytes()
        if len(key) != 32:
            raise ValueError(
                f"{self.deployment_key_file} must hold exactly 32 bytes: restore the key file "
                "from its own backup. Without it personal data cannot be read."
            )
        return key
