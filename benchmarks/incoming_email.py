"""Measure how fast email is received, and whether memory stays flat.

    TICKET_DATABASE_URL=... TICKET_FILES_URL=... python benchmarks/incoming_email.py [COUNT]

Receives new messages and answers to them in turn (10,000 by default), of a new sender each time, as
`POST /mail/inbound` does. Prints messages per second and per CPU second, and the memory after each
tenth. Use a database and a folder of their own.
"""

from __future__ import annotations

import resource
import sys
import time
from email.message import EmailMessage
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import ticket_app.core.approvals.requests  # noqa: F401 - installs what tickets ask of approvals
from ticket_app.core.email import own_addresses
from ticket_app.core.email.incoming.receiving import receive
from ticket_app.core.email.incoming.states import MailChannel
from ticket_app.core.operations import installation

TEXT = "The lamp in the hall flickers since noon, and the one beside it is dark.\n" * 12
QUOTE = "\nOn Fri, 20 Nov 2026 at 09:00, Acme wrote:\n" + "> We have received your request.\n" * 12
PICTURE = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00"
    b"\x1f\x15\xc4\x89\x00\x00\x00\rIDATx\x9cc\xf8\xff\xff?\x00\x05\xfe\x02\xfe\xa75\x81\x84"
    b"\x00\x00\x00\x00IEND\xaeB`\x82"
)


def own_memory() -> float:
    """Return the MB of memory that this process has of its own.

    Without the files that it maps: SQLite maps the database, and the system takes pages of files
    back when it needs memory.
    """
    _, resident, mapped, *_ = Path("/proc/self/statm").read_text(encoding="ascii").split()
    return (int(resident) - int(mapped)) * resource.getpagesize() / 1024**2


def write(number: int, ticket: str | None) -> bytes:
    """Return a message of a sender, a new one or an answer on their ticket; a tenth has a file."""
    message = EmailMessage()
    message["From"] = f"Person {number} <person{number}@customer.example>"
    message["To"] = (
        own_addresses.format_reply_address(ticket) if ticket else own_addresses.own_sender().address
    )
    message["Subject"] = f"Lamp {number}"
    message["Message-ID"] = f"<{number}.{ticket or 'new'}.{time.time_ns()}@customer.example>"
    message.set_content(TEXT + (QUOTE if ticket else ""))
    if number % 10 == 0:
        message.add_attachment(PICTURE, maintype="image", subtype="png", filename="lamp.png")
    return message.as_bytes()


def main() -> None:
    """Receive the messages and print what it took."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    installation.migrate()
    start = time.time_ns()
    memory: list[float] = []
    elapsed = cpu = 0.0
    ticket: str | None = None
    for number in range(count):
        source = write(start + number // 2, ticket)
        began, cpu_began = time.perf_counter(), time.process_time()
        receipt = receive(source, channel=MailChannel.HTTP)
        elapsed += time.perf_counter() - began
        cpu += time.process_time() - cpu_began
        if receipt.status != "accepted":
            raise SystemExit(f"{receipt}")
        ticket = receipt.ticket if ticket is None else None
        if (number + 1) % max(count // 10, 1) == 0:
            memory.append(own_memory())
    print(f"{count / elapsed:.0f} messages a second, {count / cpu:.0f} a CPU second")
    print("MB after each tenth:", " ".join(f"{value:.0f}" for value in memory))


if __name__ == "__main__":
    main()
