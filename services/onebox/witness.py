"""How is a witness run for the logs of another agency: its key, its folder, its door."""

import secrets
from collections.abc import Sequence
from pathlib import Path

import typer
import uvicorn
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from services.onebox.keyring import KEY_LENGTH, write_key
from services.onebox.private import private_directory
from shared.effects import system_clock
from shared.tlog.note import COSIGNATURE, Ed25519Signer, NoteInvalid, read_vkey
from shared.witnessing import Witness, witness_app


def witness_in(folder: Path, name: str, logs: Sequence[str]) -> Witness:
    """The witness whose state is in `folder`, made on first use; raises `NoteInvalid`."""
    key = private_directory(folder) / "witness.key"
    if not key.exists():
        write_key(key, secrets.token_bytes(KEY_LENGTH))
    private = Ed25519PrivateKey.from_private_bytes(key.read_bytes())
    signer = Ed25519Signer(name, private, COSIGNATURE)
    return Witness(folder, [signer], [read_vkey(text) for text in logs])


def run(name: str, logs: Sequence[str], folder: Path, host: str, port: int) -> int:
    """`onefile witness`: until Ctrl-C; 2 for a key that is malformed."""
    try:
        witness = witness_in(folder, name, logs)
    except (NoteInvalid, ValueError) as error:
        typer.echo(f"onefile: {error}. A log's key is what its /log/vkey answers.", err=True)
        return 2
    typer.echo(f"见证公钥 verifier key  {witness.signers[0].verifier.vkey}")
    typer.echo(f"地址 address           http://{host}:{port}")
    typer.echo("交给日志运营方 give both to the log's operator: ONEFILE_WITNESSES")
    uvicorn.run(witness_app(witness, system_clock), host=host, port=port, log_level="warning")
    return 0
