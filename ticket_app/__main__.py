"""The operator's verbs: `python -m ticket_app <verb>`."""

from __future__ import annotations

from typing import Annotated

import typer

from ticket_app.ui import build as frontend

cli = typer.Typer(help=__doc__, no_args_is_help=True, add_completion=False)


def prepare() -> None:
    """Everything that must have been done before the desk may be served."""
    build()


@cli.command()
def serve(
    host: Annotated[str, typer.Option(envvar="HOST")] = "127.0.0.1",
    port: Annotated[int, typer.Option(envvar="PORT")] = 8000,
) -> None:
    """Serve the pages and the API on one port, after all that must come before."""
    from ticket_app.serving import serve as serve_forever

    prepare()
    typer.echo(f"The desk is at http://{host}:{port}")
    serve_forever(host, port)


@cli.command()
def build(
    *,
    again: Annotated[bool, typer.Option(help="Even if nothing changed.")] = False,
) -> None:
    """Build the frontend for production if it changed."""
    try:
        frontend.build(again=again)
    except frontend.BuildFailed as failure:
        typer.echo(str(failure), err=True)
        raise typer.Exit(1) from failure


if __name__ == "__main__":
    cli()
