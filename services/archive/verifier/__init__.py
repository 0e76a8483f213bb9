"""What is handed to a stranger who checks a dossier: a program, and a page for the browser."""

from pathlib import Path

PROGRAM = Path(__file__).with_name("verify.py")
