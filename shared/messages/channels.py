"""By which ways do messages leave: paper, a folder, mail, an office's own SMS or HTTP gateway?"""

import asyncio
import os
import re
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path

import aiosmtplib
import httpx
import orjson

from shared.effects import Clock, new_id, system_clock
from shared.messages.outgoing import Message, TryAgain, Uncertain, Undeliverable

PATIENCE = 10.0


@dataclass(frozen=True, slots=True)
class Printed:
    """A sheet in a folder, for somebody to print and carry (打印送达)."""

    folder: Path
    takes_once: bool = True

    async def send(self, message: Message) -> str:
        text = f"{message.subject}\n\n收件 To: {message.address}\n\n{message.text}\n"
        return await asyncio.to_thread(_put, self.folder, f"{message.key}.txt", text.encode())


@dataclass(frozen=True, slots=True)
class Dropped:
    """A JSON file in a folder, which another program takes away (文件交换)."""

    folder: Path
    takes_once: bool = True

    async def send(self, message: Message) -> str:
        body = orjson.dumps(
            {
                "key": str(message.key),
                "to": message.address,
                "subject": message.subject,
                "text": message.text,
            }
        )
        return await asyncio.to_thread(_put, self.folder, f"{message.key}.json", body)


@dataclass(frozen=True, slots=True)
class Mailed:
    """Mail over SMTP. Its Message-ID is the key, but no server promises to take it once."""

    host: str
    port: int
    sender: str
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    tls: bool = False
    starttls: bool | None = None
    takes_once: bool = False
    clock: Clock = system_clock

    async def send(self, message: Message) -> str:
        mail = EmailMessage()
        mail["From"], mail["To"] = self.sender, message.address
        mail["Subject"] = re.sub(r"\s+", " ", message.subject)
        mail["Date"] = format_datetime(self.clock())
        mail["Message-ID"] = f"<{message.key}@{self.sender.rpartition('@')[2]}>"
        mail.set_content(message.text)
        client = aiosmtplib.SMTP(
            hostname=self.host,
            port=self.port,
            timeout=PATIENCE,
            use_tls=self.tls,
            start_tls=self.starttls,
            username=self.username,
            password=self.password,
        )
        try:
            async with client:
                return await _mailed(client, mail)
        except (aiosmtplib.SMTPConnectError, aiosmtplib.SMTPConnectTimeoutError) as error:
            raise TryAgain(str(error)) from error
        except aiosmtplib.SMTPAuthenticationError as error:
            raise TryAgain(f"login: {error.code}") from error


async def _mailed(client: aiosmtplib.SMTP, mail: EmailMessage) -> str:
    """After the text was handed over, a lost answer is not a refusal."""
    try:
        _, said = await client.send_message(mail)
    except aiosmtplib.SMTPRecipientsRefused as error:
        codes = [one.code for one in error.recipients]
        if all(code >= 500 for code in codes):
            raise Undeliverable(f"refused: {codes}") from error
        raise TryAgain(f"refused for now: {codes}") from error
    except aiosmtplib.SMTPResponseException as error:
        if error.code >= 500:
            raise Undeliverable(f"{error.code} {error.message}"[:200]) from error
        raise TryAgain(f"{error.code} {error.message}"[:200]) from error
    except (aiosmtplib.SMTPServerDisconnected, aiosmtplib.SMTPReadTimeoutError) as error:
        raise Uncertain(str(error)) from error
    return said[:200]


@dataclass(frozen=True, slots=True)
class Gateway:
    """A POST to an SMS or messaging gateway, with the key as Idempotency-Key."""

    url: str
    token: str | None = field(default=None, repr=False)
    takes_once: bool = True

    async def send(self, message: Message) -> str:
        headers = {"Idempotency-Key": str(message.key)}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        body = {"to": message.address, "subject": message.subject, "text": message.text}
        try:
            async with httpx.AsyncClient(timeout=PATIENCE, trust_env=False) as client:
                answer = await client.post(self.url, json=body, headers=headers)
        except httpx.HTTPError as error:
            raise TryAgain(repr(error)) from error
        if answer.status_code in (408, 425, 429) or answer.status_code >= 500:
            raise TryAgain(f"{answer.status_code}")
        if answer.status_code >= 300:
            raise Undeliverable(f"{answer.status_code} {answer.text[:160]}")
        return answer.text[:200]


def _put(folder: Path, name: str, content: bytes) -> str:
    """Whole or not at all; what is there already stays."""
    folder.mkdir(parents=True, exist_ok=True)
    target, half = folder / name, folder / f".{name}.{new_id()}"
    if not target.exists():
        half.write_bytes(content)
        with half.open("rb") as file:
            os.fsync(file.fileno())
        half.replace(target)
    return name
