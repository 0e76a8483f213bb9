"""What do both issuers of one box answer: a token, and the keys by which one is believed?"""

from datetime import datetime

from pydantic import Field

from shared.answering import Answer


class Key(Answer):
    """A public key, as RFC 7517 and RFC 8037 say (公钥)."""

    kty: str = Field(description="OKP")
    crv: str = Field(description="Ed25519")
    x: str = Field(description="the key, base64url")
    kid: str = Field(description="its thumbprint (RFC 7638)")
    use: str = Field(description="sig")
    alg: str = Field(description="Ed25519")


class KeySet(Answer):
    """The public keys of access tokens (验证公钥)."""

    keys: list[Key]


class AccessToken(Answer):
    """A token of a service or, in development, of one of the invented people (访问令牌)."""

    access_token: str = Field(description="a JWT of type at+jwt (RFC 9068)")
    token_type: str = Field(description="Bearer")
    expires_in: int = Field(description="seconds (秒)")


class Invented(Answer):
    """One of the invented people (演示人员)."""

    key: str = Field(description="简称 what it is called at this machine, once in its place")
    id: str = Field(description="行为人代号 its pseudonym")
    zh: str
    post: str = Field(description="岗位 its post, in words")
    roles: list[str]
    areas: list[str]
    bodies: list[str]
    place: str | None = Field(
        description="演示地区 area of the demonstration data it stands in"
    )


class Time(Answer):
    """What time it is for decisions (决定所用时间)."""

    now: datetime = Field(description="现在 the instant")
    ahead_days: float = Field(description="比实际时间快的天数 days ahead of the real clock")
