"""Run and administer the help desk: `python -m ticket_app COMMAND`."""

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


Host = Annotated[str, typer.Option(envvar="HOST", help="Address to listen on.")]
Port = Annotated[int, typer.Option(envvar="PORT", min=1, max=65535, help="Port to listen on.")]
File = Annotated[Path, typer.Argument(help="The backup, a .tar.gz file.")]


def print_version(*, show: bool) -> None:
    """Print the version and exit."""
    if show:
        typer.echo(VERSION)
        raise typer.Exit


EXIT_INVALID_SETTINGS = 2
EXIT_TRY_AGAIN = 75
"""What a mail server understands as temporary trouble (EX_TEMPFAIL): it keeps the message."""


@cli.callback()
def check_settings(
    context: typer.Context,
    *,
    _version: Annotated[
        bool,
        typer.Option("--version", callback=print_version, is_eager=True, help="Show the version."),
    ] = False,
) -> None:
    """Exit with a message for each invalid setting, before anything is built or changed."""
    try:
        settings()
    except InvalidSettings as error:
        for problem in error.problems:
            typer.echo(problem, err=True)
        is_mail = context.invoked_subcommand == "receive-mail"
        raise typer.Exit(EXIT_TRY_AGAIN if is_mail else EXIT_INVALID_SETTINGS) from error
    for warning in check_variable_names()[1]:
        typer.echo(warning, err=True)


@contextmanager
def print_errors() -> Iterator[None]:
    """Print an error of the core in one line instead of a traceback."""
    from ticket_app.core.platform.errors import DomainError

    try:
        yield
    except DomainError as error:
        cause = str(getattr(error.__cause__, "orig", None) or error.__cause__ or "").strip()
        reason = f" ({cause.splitlines()[0]})" if cause else ""
        typer.echo(f"{error.message.rstrip('.')}{reason}.", err=True)
        raise typer.Exit(1) from error


def prepare() -> None:
    """Build the frontend, migrate the database and load the demo data, as far as needed."""
    from ticket_app.core.platform.database import close_engine

    build()
    migrate()
    if settings().has_demo_accounts and settings().env == "development":
        demo()
    close_engine()  # each worker process opens its own connections


@cli.command()
def serve(host: Host = "127.0.0.1", port: Port = 8000) -> None:
    """Build, migrate and start the server: pages and API on one port."""
    from ticket_app import listening, serving

    os.environ["HOST"] = host  # The settings, also those of worker processes, depend on it.
    try:
        with listening.reserved_address(host, port):
            prepare()
            listening.check_address(host, port)
            typer.echo(f"Help desk: http://{host}:{port}")
            serving.serve(host, port)
    except listening.CannotListen as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error


@cli.command()
def dev(host: Host = "127.0.0.1", port: Port = 8000) -> None:
    """Start a development server that reloads pages and API when a file is saved."""
    from ticket_app import development, listening

    if settings().env == "production":
        typer.echo("`dev` is not available in production. Use `serve` instead.", err=True)
        raise typer.Exit(1)
    os.environ["HOST"] = host
    try:
        with listening.reserved_address(host, port):
            development.run(host, port)
    except listening.CannotListen as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error


@cli.command()
def build(
    *,
    again: Annotated[bool, typer.Option(help="Build even if nothing changed.")] = False,
) -> None:
    """Build the frontend if it has changed."""
    try:
        frontend.build(force=again)
    except frontend.BuildFailed as failure:
        typer.echo(str(failure), err=True)
        raise typer.Exit(1) from failure


@cli.command()
def migrate() -> None:
    """Upgrade the database to the latest schema."""
    from ticket_app.core.operations import installation

    with print_errors():
        installation.migrate()


@cli.command()
def worker() -> None:
    """Run background jobs (webhooks, notifications, scans) in a separate process."""
    import signal
    import threading

    from ticket_app.api.dialects.enterprise.webhooks.payloads import EnterprisePayloads
    from ticket_app.core.platform import logs
    from ticket_app.core.webhooks import payload_format
    from ticket_app.jobs.worker import run_worker

    logs.configure()
    payload_format.install(EnterprisePayloads())
    stop = threading.Event()
    for signal_number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(signal_number, lambda *_: stop.set())
    run_worker(stop)


@cli.command()
def mcp(
    token: Annotated[
        str, typer.Option(help="API token of the person to act for, instead of TICKET_MCP_TOKEN.")
    ] = "",
) -> None:
    """Serve the tools for language models (MCP) on standard input and output."""
    from ticket_app.api.dialects.enterprise.webhooks.payloads import EnterprisePayloads
    from ticket_app.api.mcp.connections import StdioConnection
    from ticket_app.api.mcp.server import serve_stdio
    from ticket_app.core.operations import installation
    from ticket_app.core.platform import logs
    from ticket_app.core.platform.errors import Unavailable
    from ticket_app.core.webhooks import payload_format

    connection = StdioConnection(token or settings().mcp_token)
    logs.configure(console=sys.stderr)  # standard output belongs to the protocol
    payload_format.install(EnterprisePayloads())
    with print_errors():
        if not installation.schema_version().is_current:
            raise Unavailable("The database is not migrated. Run `python -m ticket_app migrate`")
        connection.check_token()
    serve_stdio(connection)


@cli.command("receive-mail")
def receive_mail() -> None:
    """Receive one email from standard input, for the pipe of a mail server.

    Exits with 0 once the message is stored, and with 75 (try again later) otherwise.
    """
    from ticket_app.api.dialects.enterprise.webhooks.payloads import EnterprisePayloads
    from ticket_app.core.email.incoming.receiving import receive
    from ticket_app.core.email.incoming.states import MailChannel
    from ticket_app.core.platform import logs
    from ticket_app.core.webhooks import payload_format

    try:
        logs.configure(console=sys.stderr)
        payload_format.install(EnterprisePayloads())
        receipt = receive(sys.stdin.buffer.read(), channel=MailChannel.PIPE)
    except Exception as error:  # whatever it is, the mail server keeps the message
        reason = str(error).strip().splitlines()[:1] or [type(error).__name__]
        typer.echo(f"The message was not stored: {reason[0]}", err=True)
        raise typer.Exit(EXIT_TRY_AGAIN) from error
    words = [receipt.status, receipt.ticket, receipt.reason]
    typer.echo(" ".join(word for word in words if word))


@cli.command()
def demo() -> None:
    """Load demo data into an empty database and show the demo accounts."""
    from ticket_app.demo import create as demo_data

    migrate()
    with print_errors():
        loaded = demo_data.load()
    if loaded.accounts:
        typer.echo("Demo accounts:")
        for account in loaded.accounts:
            typer.echo(f"  {account.username:<6} {account.role:<12} {account.description}")
        password_text = loaded.password or "unchanged since the demo data was loaded"
        typer.echo(f"  Password: {password_text}")
    elif not settings().has_demo_accounts:
        typer.echo(
            "Demo accounts are disabled, because HOST or TICKET_PUBLIC_URL is not this machine. "
            "Set TICKET_DEMO=true to enable them for everyone."
        )


@cli.command("remove-demo")
def remove_demo(
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask for confirmation.")] = False,
) -> None:
    """Remove the demo accounts, tickets, companies, policies and files."""
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
    username: Annotated[str, typer.Option(prompt=True, help="Name to sign in with.")],
    email: Annotated[str, typer.Option(prompt=True, help="Email address.")],
    *,
    password_stdin: Annotated[
        bool, typer.Option(help="Read the password from standard input.")
    ] = False,
) -> None:
    """Create a super admin account."""
    from ticket_app.core.people.registration import create_person
    from ticket_app.core.platform.unit_of_work import COMMAND_LINE_CHANNEL, open_unit_of_work
    from ticket_app.core.platform.vocabulary import Role

    if password_stdin:
        password = sys.stdin.readline().rstrip("\r\n")
    else:
        password = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    if not password:
        typer.echo("Enter a password.", err=True)
        raise typer.Exit(1)
    migrate()
    with print_errors(), open_unit_of_work(writes=True) as uow:
        uow.channel = COMMAND_LINE_CHANNEL
        create_person(uow, username=username, email=email, password=password, role=Role.SUPER_ADMIN)
    typer.echo(f"Created the super admin {username}.")


@cli.command()
def doctor() -> None:
    """Check the settings, the database, the file store and the other services."""
    from ticket_app.core.operations.doctor import CheckResult, run_checks

    is_built = (frontend.built_files_dir() / "index.html").is_file()
    pages = CheckResult(
        "frontend", is_built, "is built" if is_built else "is not built. Run `build`"
    )
    findings = [*run_checks(), pages]
    for finding in findings:
        typer.echo(f"{'ok  ' if finding.is_ok else 'FAIL'}  {finding.name:<11} {finding.detail}")
    raise typer.Exit(0 if all(finding.is_ok for finding in findings) else 1)


@cli.command("retry-jobs")
def retry_jobs(
    ids: Annotated[list[int] | None, typer.Argument(help="Ids of jobs; all by default.")] = None,
    *,
    show: Annotated[bool, typer.Option("--list", help="List the jobs without retrying.")] = False,
) -> None:
    """Retry background jobs that were given up after 20 failed attempts."""
    from ticket_app.core.platform import outbox
    from ticket_app.core.platform.unit_of_work import open_unit_of_work

    with print_errors(), open_unit_of_work(writes=not show) as uow:
        for job in outbox.list_failed(uow):
            if not ids or job.id in ids:
                typer.echo(
                    f"{job.id}  {job.topic}  {job.created_at:%Y-%m-%d %H:%M}  {job.last_error}"
                )
        if show:
            typer.echo(f"{outbox.count_failed(uow)} jobs were given up.")
        else:
            typer.echo(f"{outbox.retry_failed(uow, ids or None)} jobs will be retried.")


@cli.command()
def backup(file: File) -> None:
    """Write the database and all files to a .tar.gz file; the server may keep running."""
    from ticket_app.core.operations.backup import create_backup

    with print_errors():
        result = create_backup(file)
    typer.echo(
        f"Wrote {file}: database and {result.file_count} files, {result.size_bytes:,} bytes."
    )
    if result.missing_count:
        typer.echo(f"Missing in the file store: {result.missing_count} files.", err=True)
    typer.echo("Keep a copy of TICKET_SECRET_KEY (or var/secret_key) too. The backup lacks it.")


@cli.command()
def restore(
    file: File,
    *,
    force: Annotated[bool, typer.Option(help="Replace existing data.")] = False,
) -> None:
    """Replace the database and files with those of a backup. Stop the server first."""
    from ticket_app.core.operations.backup import restore_backup

    with print_errors():
        restored = restore_backup(file, force=force)
    typer.echo(
        f"Restored the backup of {restored.created_at:%Y-%m-%d %H:%M} UTC "
        f"with {restored.file_count} files."
    )


if __name__ == "__main__":
    cli()
