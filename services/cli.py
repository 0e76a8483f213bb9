"""The `onefile` command: which verbs does a person at this machine have."""

from importlib.metadata import version as installed_version

import typer

main = typer.Typer(no_args_is_help=True, add_completion=False, help=__doc__)


@main.callback()
def onefile() -> None:
    """一事一档: one file per matter."""


@main.command()
def version() -> None:
    """Print the version of this installation."""
    typer.echo(installed_version("onefile"))
