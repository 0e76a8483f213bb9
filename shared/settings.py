"""What the operator tells a service: read once, refused at the start when it makes no sense."""

from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Any, Literal, Self

import orjson
from pydantic import BeforeValidator, Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from shared.attesting import LogKey, log_key, second_key
from shared.eventstore.forgetting import ErasureList

PORTS = {
    "console": 8600,
    "intake": 8601,
    "assignment": 8602,
    "supervision": 8603,
    "evaluation": 8604,
    "archive": 8605,
    "feeds": 8607,
}


def _members(value: Any) -> Any:
    """An object in JSON; what is none is a mistake among the others, and said with them."""
    if not isinstance(value, str):
        return value
    try:
        return orjson.loads(value)
    except orjson.JSONDecodeError as error:
        raise ValueError(f"不是 JSON 对象 · no JSON object ({error})") from None


def _proxies(value: Any) -> Any:
    """Addresses and networks of proxies, each with an end; a network of everybody is none."""
    if not isinstance(value, str):
        return value
    found = []
    for one in filter(None, (part.strip() for part in value.split(","))):
        try:
            network = ip_network(one)
        except ValueError as error:
            raise ValueError(f"不是地址或网段 · no address or network ({error})") from None
        if network.prefixlen < WIDEST[network.version]:
            raise ValueError(
                f"{one} 过宽：人人都能自称任何地址 · is too wide: anybody could claim any address. "
                "Name the network of your ingress alone"
            )
        found.append(str(network))
    return tuple(found)


WIDEST = {4: 8, 6: 32}
"""Bits that the network of a proxy must at least have: it is one organisation's, not the internet."""
Proxies = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_proxies)]
THIS_MACHINE: tuple[str, ...] = ("127.0.0.1/32",)
PROXIES = (
    "addresses or networks of the proxies in front, with commas: who comes through them is known by "
    "the address that they name in X-Forwarded-For; whoever else names one is not believed"
)
Drain = Annotated[
    float,
    Field(
        ge=0,
        le=60,
        description="seconds for which a replica told to end says so on /readyz and still answers",
    ),
]

Addresses = Annotated[dict[str, str], NoDecode, BeforeValidator(_members)]
Secrets = Annotated[dict[str, SecretStr], NoDecode, BeforeValidator(_members)]


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
    drain: Drain = 3.0
    peers: Addresses = Field(default={}, description="service -> base address of its API")
    issuer: str = Field(description="the `iss` of access tokens")
    jwks_url: str = Field(description="where the issuer publishes its keys")
    token_url: str | None = Field(
        default=None, description="where this service gets its own token to read its peers"
    )
    service_secret: SecretStr | None = None
    deployment_key_file: Path = Field(description="32 bytes, mode 0600: wraps the data keys")
    log_key_file: Path | None = Field(
        default=None,
        description="32 bytes, mode 0600: signs the log; without it nothing is signed",
    )
    log_origin: str | None = Field(
        default=None,
        pattern=r"^[^\s+/][^\s+]{2,200}$",
        description="the log's name for good, e.g. log.example.gov.cn; the service is added",
    )
    log_memory: Path | None = Field(
        default=None,
        description="a folder outside the database where the last signature is kept, the same "
        "for all replicas; default: beside the key",
    )
    second_tree: Literal["sm3"] | None = Field(
        default=None,
        description="keep and sign a second tree over the same events, by SM3 (GB/T 32905); its "
        "name is that of the log with /sm3",
    )
    log_signer: str | None = Field(
        default=None,
        pattern=r"^[A-Za-z_][\w.]*:[A-Za-z_]\w*$",
        description="module:function that makes a further signer of the second tree, e.g. the "
        "driver of an SM2 device",
    )
    witnesses: Addresses = Field(
        default={},
        description="verifier key of a witness -> its address; each is asked to cosign",
    )
    packs: Path | None = Field(
        default=None, description="a folder of packs; default: shipped ones"
    )
    allow_draft_packs: bool = Field(
        default=False,
        description="let new matters follow drafts that are no rule yet: to try them out",
    )
    public_address: str | None = Field(
        default=None,
        pattern=r"^https?://[^\s]+$",
        description="the address that the code on printed papers leads to; default: its own",
    )
    desks_address: str | None = Field(
        default=None,
        pattern=r"^https?://[^\s/]+$",
        description="the console as people reach it: links in messages lead there; default: the "
        "public address; without either messages bring no link",
    )
    fonts: Path | None = Field(
        default=None, description="a folder of further fonts, for characters ours lack"
    )
    documents: str | None = Field(
        default=None,
        description="where documents are kept: a folder, or s3://bucket/prefix; "
        "without it none can be uploaded",
    )
    documents_quarantine: Path | None = Field(
        default=None,
        description="a folder where uploads wait until they were looked at; "
        "default: beside the documents, or the system's temporary folder",
    )
    documents_bucket: Secrets = Field(
        default={},
        description="for s3://: endpoint, region, access_key_id, secret_access_key, …",
    )
    largest_document: int = Field(
        default=100 * 1024 * 1024, ge=1024, description="bytes; a default of ours (默认值)"
    )
    messages: Path | None = Field(
        default=None,
        description="a JSON file: who is written to, by print, drop, smtp or gateway; "
        "without it no message leaves",
    )
    scanner: str | None = Field(
        default=None,
        description="who looks for malware: clamd://host:port, clamd:///socket or "
        "command:program; without one documents stay pending",
    )
    serve_unscanned: bool = Field(
        default=False, description="let documents be read that no scanner has looked at"
    )
    erasures: Path | None = Field(
        default=None,
        description="archive's list of what was erased; else erased.list in the log's memory, "
        "or beside the deployment key",
    )
    trusted_proxies: Proxies = Field(default=THIS_MACHINE, description=PROXIES)
    mode: Literal["production", "development"] = "production"
    clock_file: Path | None = Field(
        default=None, description="development only: a movable clock"
    )

    @model_validator(mode="after")
    def _sensible(self) -> Self:
        if self.clock_file is not None and self.mode != "development":
            raise ValueError(
                "ONEFILE_CLOCK_FILE 会拨动时钟，只供开发：请去掉，或设 ONEFILE_MODE=development · "
                "ONEFILE_CLOCK_FILE moves the clock and is for development: remove it, or set "
                "ONEFILE_MODE=development"
            )
        if (self.log_key_file is None) != (self.log_origin is None):
            raise ValueError(
                "ONEFILE_LOG_KEY_FILE 与 ONEFILE_LOG_ORIGIN 须同时设或同时不设 · "
                "ONEFILE_LOG_KEY_FILE and ONEFILE_LOG_ORIGIN go together: set both, or neither"
            )
        if self.second_tree and self.log_key_file is None:
            raise ValueError(
                "ONEFILE_SECOND_TREE 需要 ONEFILE_LOG_KEY_FILE：无人签名的树证明不了什么。"
                "请同时设，或都不设 · "
                "ONEFILE_SECOND_TREE needs ONEFILE_LOG_KEY_FILE: a tree that nobody signs proves "
                "nothing. Set both, or neither"
            )
        if self.log_signer and not self.second_tree:
            raise ValueError(
                "ONEFILE_LOG_SIGNER 签第二棵树：请一并设 ONEFILE_SECOND_TREE=sm3 · "
                "ONEFILE_LOG_SIGNER signs the second tree: set ONEFILE_SECOND_TREE=sm3 too"
            )
        return self

    def dsn(self) -> str:
        """The address of this service's own database."""
        return self.database.get_secret_value().replace("{service}", self.service)

    def listens_on(self) -> int:
        return self.port or PORTS[self.service]

    def log_key(self) -> LogKey | None:
        """By what the log is signed, if at all; raises ValueError with the remedy."""
        if self.log_key_file is None or self.log_origin is None:
            return None
        return log_key(self.log_key_file, self.log_origin, self.service, self.log_memory)

    def second_key(self) -> LogKey | None:
        """By what the second tree is signed, if there is one; raises ValueError with the remedy."""
        if self.second_tree is None or self.log_key_file is None or self.log_origin is None:
            return None
        return second_key(
            self.log_key_file, self.log_origin, self.service, self.log_memory, self.log_signer
        )

    def erasure_list(self) -> ErasureList:
        """What was erased, outside every database, so that a restore does not bring it back."""
        folder = self.log_memory or self.deployment_key_file.parent
        return ErasureList(self.erasures or folder / "erased.list")

    def papers_lead_to(self) -> str:
        """The address that the code on a paper names: the operator's, else the service's own."""
        own = self.peers.get(self.service) or f"http://{self.host}:{self.listens_on()}"
        return self.public_address or own

    def links_lead_to(self) -> str | None:
        """The address of the console in a message; None where nobody said it."""
        known = self.desks_address or self.public_address
        return known.rstrip("/") if known else None

    def deployment_key(self) -> bytes:
        """32 bytes; raises ValueError with the remedy."""
        key = self.deployment_key_file.read_bytes()
        if len(key) != 32:
            raise ValueError(
                f"{self.deployment_key_file} 应恰为 32 字节：请从其备份恢复，没有它就读不出个人信息 · "
                f"{self.deployment_key_file} must hold exactly 32 bytes: restore the key file "
                "from its own backup. Without it personal data cannot be read."
            )
        return key
