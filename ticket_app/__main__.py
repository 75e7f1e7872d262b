"""The operator's verbs: `python -m ticket_app <verb>`."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from ticket_app.settings import InvalidSettings, check_variable_names, settings
from ticket_app.ui import build as frontend
from ticket_app.version import VERSION

cli = typer.Typer(
    help=__doc__,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,  # its box shows values, some of which are secret
)


def print_version(*, wanted: bool) -> None:
    """Print the version and leave."""
    if wanted:
        typer.echo(VERSION)
        raise typer.Exit


@cli.callback()
def check_settings(
    *,
    _version: Annotated[
        bool,
        typer.Option("--version", callback=print_version, is_eager=True, help="Print the version."),
    ] = False,
) -> None:
    """Refuse settings that cannot be used, a line each, before anything is built or changed."""
    try:
        settings()
    except InvalidSettings as error:
        for problem in error.problems:
            typer.echo(problem, err=True)
        raise typer.Exit(2) from error
    for warning in check_variable_names()[1]:
        typer.echo(warning, err=True)


@contextmanager
def print_errors() -> Iterator[None]:
    """Print what the core refuses in one line instead of a traceback."""
    from ticket_app.core.platform.errors import DomainError

    try:
        yield
    except DomainError as error:
        cause = str(getattr(error.__cause__, "orig", None) or error.__cause__ or "").strip()
        reason = f" ({cause.splitlines()[0]})" if cause else ""
        typer.echo(f"{error.message.rstrip('.')}{reason}.", err=True)
        raise typer.Exit(1) from error


def prepare() -> None:
    """Everything that must have been done before the desk may be served."""
    from ticket_app.core.platform.database import close_engine

    build()
    migrate()
    if settings().has_demo_accounts and settings().env == "development":
        demo()
    close_engine()  # a worker begins with connections of its own


@cli.command()
def serve(
    host: Annotated[str, typer.Option(envvar="HOST")] = "127.0.0.1",
    port: Annotated[int, typer.Option(envvar="PORT", min=1, max=65535)] = 8000,
) -> None:
    """Serve the pages and the API on one port, after all that must come before."""
    from ticket_app import listening, serving

    os.environ["HOST"] = host  # The settings, also those of worker processes, depend on it.
    try:
        with listening.reserved_address(host, port):
            prepare()
            listening.check_address(host, port)
            typer.echo(f"The desk is at http://{host}:{port}")
            serving.serve(host, port)
    except listening.CannotListen as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error


@cli.command()
def dev(
    host: Annotated[str, typer.Option(envvar="HOST")] = "127.0.0.1",
    port: Annotated[int, typer.Option(envvar="PORT", min=1, max=65535)] = 8000,
) -> None:
    """Serve for development: pages and API reload when a file is saved."""
    from ticket_app import development, listening

    if settings().env == "production":
        typer.echo("`dev` is for development; use `serve` in production.", err=True)
        raise typer.Exit(1)
    os.environ["HOST"] = host
    try:
        with listening.reserved_address(host, port):
            development.run(host, port)
    except listening.CannotListen as refused:
        typer.echo(str(refused), err=True)
        raise typer.Exit(1) from refused


@cli.command()
def build(
    *,
    again: Annotated[bool, typer.Option(help="Even if nothing changed.")] = False,
) -> None:
    """Build the frontend for production if it changed."""
    try:
        frontend.build(force=again)
    except frontend.BuildFailed as failure:
        typer.echo(str(failure), err=True)
        raise typer.Exit(1) from failure


@cli.command()
def migrate() -> None:
    """Bring the database to the newest tables."""
    from ticket_app.core.operations import installation

    with print_errors():
        installation.migrate()


@cli.command()
def worker() -> None:
    """Do what happens later (scans that had to wait...) in a process of its own."""
    import signal
    import threading

    from ticket_app.core.platform import logs
    from ticket_app.jobs.worker import run_worker

    logs.configure()
    stop = threading.Event()
    for signal_number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(signal_number, lambda *_: stop.set())
    run_worker(stop)


@cli.command()
def demo() -> None:
    """Fill an empty desk with demo data, and say who can sign in."""
    from ticket_app.demo import create as demo_data

    migrate()
    with print_errors():
        loaded = demo_data.load()
    if loaded.accounts:
        typer.echo("Demo accounts:")
        for account in loaded.accounts:
            typer.echo(f"  {account.username:<6} {account.role:<12} {account.description}")
        password_text = loaded.password or "the one they had when the demo data was loaded"
        typer.echo(f"  Their password is {password_text}")
    elif not settings().has_demo_accounts:
        typer.echo(
            "Demo accounts cannot sign in: HOST or TICKET_PUBLIC_URL names another machine. "
            "Set TICKET_DEMO=true to let everyone use them."
        )


@cli.command("remove-demo")
def remove_demo(
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Remove demo accounts, tickets, companies, policies and files, and nothing else."""
    from ticket_app.demo import removal as demo_removal

    if not yes:
        typer.confirm("Remove all demo accounts and the tickets they requested?", abort=True)
    migrate()
    with print_errors():
        removed = demo_removal.remove()
    if not removed:
        typer.echo("There is no demo data.")
        return
    typer.echo(
        f"Removed {removed.accounts} accounts, {removed.tickets} tickets with "
        f"{removed.files} files, {removed.companies} companies and {removed.policies} policies."
    )
    typer.echo("Set TICKET_DEMO=false so that demo data is not loaded again.")


@cli.command("create-admin")
def create_admin(
    username: Annotated[str, typer.Option(prompt=True)],
    email: Annotated[str, typer.Option(prompt=True)],
    *,
    password_stdin: Annotated[bool, typer.Option(help="Read it from standard input.")] = False,
) -> None:
    """Make a super admin, who can make everybody else."""
    from ticket_app.core.people.profiles import create_person
    from ticket_app.core.platform.unit_of_work import open_unit_of_work
    from ticket_app.core.platform.vocabulary import Role

    if password_stdin:
        password = sys.stdin.readline().rstrip("\r\n")
    else:
        password = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    if not password:
        typer.echo("password: is required", err=True)
        raise typer.Exit(1)
    migrate()
    with print_errors(), open_unit_of_work(writes=True) as uow:
        create_person(uow, username=username, email=email, password=password, role=Role.SUPER_ADMIN)
    typer.echo(f"{username} is a super admin now")


@cli.command()
def doctor() -> None:
    """Look whether everything the desk needs is there and works."""
    from ticket_app.core.operations.doctor import CheckResult, run_checks

    is_built = (frontend.built_files_dir() / "index.html").is_file()
    pages = CheckResult(
        "frontend", is_built, "is built" if is_built else "is not built; run `build`"
    )
    findings = [*run_checks(), pages]
    for finding in findings:
        typer.echo(f"{'ok  ' if finding.is_ok else 'FAIL'}  {finding.name:<11} {finding.detail}")
    raise typer.Exit(0 if all(finding.is_ok for finding in findings) else 1)


@cli.command("retry-jobs")
def retry_jobs(
    ids: Annotated[list[int] | None, typer.Argument(help="Jobs by id; without any, all.")] = None,
    *,
    show: Annotated[bool, typer.Option("--list", help="Only list them.")] = False,
) -> None:
    """Retry background jobs that failed 20 times and are not tried any more."""
    from ticket_app.core.platform import outbox
    from ticket_app.core.platform.unit_of_work import open_unit_of_work

    with print_errors(), open_unit_of_work(writes=not show) as uow:
        for job in outbox.list_failed(uow):
            if not ids or job.id in ids:
                typer.echo(
                    f"{job.id}  {job.topic}  {job.created_at:%Y-%m-%d %H:%M}  {job.last_error}"
                )
        if show:
            typer.echo(f"{outbox.count_failed(uow)} jobs were given up")
        else:
            typer.echo(f"{outbox.retry_failed(uow, ids or None)} jobs will be tried again")


@cli.command()
def backup(file: Path) -> None:
    """Write the database and all files into one .tar.gz, while the desk is in use."""
    from ticket_app.core.operations.backup import create_backup

    with print_errors():
        result = create_backup(file)
    typer.echo(f"{file}: the database and {result.file_count} files, {result.size_bytes:,} bytes")
    if result.missing_count:
        typer.echo(f"{result.missing_count} files are not in the file store any more", err=True)
    typer.echo("Keep TICKET_SECRET_KEY (or var/secret_key) apart from it: it is not in there")


@cli.command()
def restore(
    file: Path,
    *,
    force: Annotated[bool, typer.Option(help="Replace a desk that is in use.")] = False,
) -> None:
    """Make this desk what a backup holds; nobody should be served meanwhile."""
    from ticket_app.core.operations.backup import restore_backup

    with print_errors():
        restored = restore_backup(file, force=force)
    typer.echo(
        f"Restored the backup of {restored.created_at:%Y-%m-%d %H:%M} UTC "
        f"with {restored.file_count} files"
    )


if __name__ == "__main__":
    cli()
