"""Every upload takes the name of its file however the client writes it, and no other."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Engine, select

from tests.api.conftest import CreateTicket, TestClient
from tests.cast import PASSWORD
from ticket_app.api.kit.upload_file_names import parse_file_name
from ticket_app.core.platform import database as databases
from ticket_app.tables import attachment_table

BOUNDARY = "x9x9"
SAME_NAMES: dict[str, tuple[bytes, str]] = {
    "plain": (b'filename="report.txt"', "report.txt"),
    "not quoted": (b"filename=report.txt", "report.txt"),
    "capitals": (b'FileName="report.txt"', "report.txt"),
    "raw UTF-8": ('filename="отчёт.txt"'.encode(), "отчёт.txt"),
    "raw Latin-1": ('filename="prüfung.txt"'.encode("latin-1"), "prüfung.txt"),
    "extended alone": (b"filename*=UTF-8''%d0%be%d1%82.txt", "от.txt"),
    "extended in lower case": (b"filename*=utf-8''%E2%82%AC%20rates.txt", "€ rates.txt"),
    "extended, quoted": (b"filename*=\"utf-8''%E2%82%AC.txt\"", "€.txt"),
    "extended with a language": (b"filename*=iso-8859-1'en'%A3%20rates.txt", "£ rates.txt"),
    "extended in a code page": (b"filename*=windows-1251''%EE%F2.txt", "от.txt"),
    "extended wins": (b"filename=\"=?utf-8?B?YQ==?=\"; filename*=utf-8''b.txt", "b.txt"),
    "extended wins, first": (b"filename*=utf-8''b.txt; filename=a.txt", "b.txt"),
    "continued": (b"filename*0*=utf-8''%e2%82; filename*1*=%ac.txt", "€.txt"),
    "broken extended": (b"filename*=utf-8''%ff.txt; filename=a.txt", "a.txt"),
    "unknown charset": (b"filename*=klingon''x.txt; filename=a.txt", "a.txt"),
    "no charset at all": (b"filename*=idna''x.txt; filename=a.txt", "a.txt"),
    "encoded word, B": (b'filename="=?utf-8?B?0L7RgtGH0ZHRgi50eHQ=?="', "отчёт.txt"),
    "encoded word, Q": (b'filename="=?iso-8859-1?Q?pr=FCfung_1.txt?="', "prüfung 1.txt"),
    "encoded words": (b'filename="=?utf-8?Q?=C3=BCber?= =?utf-8?Q?sicht.txt?="', "übersicht.txt"),
    "no encoded word": (b'filename="a=?b?=.txt"', "a=?b?=.txt"),
    "escaped quotes": (rb'filename="my \"best\" file.txt"', 'my "best" file.txt'),
    "semicolon": (b'filename="a; filename=b.txt"', "a; filename=b.txt"),
    "full path": (rb'filename="C:\fakepath\x.txt"', r"C:\fakepath\x.txt"),
    "path on a share": (rb'filename="\\server\share\x.txt"', r"\server\share\x.txt"),
    "empty": (b'filename=""', ""),
}


@pytest.mark.parametrize(("raw", "name"), SAME_NAMES.values(), ids=SAME_NAMES.keys())
def test_a_file_name_is_read_from_the_header(raw: bytes, name: str) -> None:
    for order in (b'form-data; name="file"; %s', b"form-data;name=file;%s"):
        assert parse_file_name(order % raw) == name


@pytest.mark.parametrize(
    "header", [b"", b'form-data; name="x"', b'form-data; name="filename=a.txt"', b"form-data"]
)
def test_a_field_has_no_file_name(header: bytes) -> None:
    assert parse_file_name(header) is None


def _send(client: TestClient, path: str, raw: bytes, **fields: str) -> Any:
    parts = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; '.encode()
    file = head + raw + b"\r\nContent-Type: text/plain\r\n\r\nhello\r\n"
    kind = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
    body = b"".join([*parts, file, f"--{BOUNDARY}--\r\n".encode()])
    return client.post(path, content=body, headers=kind)


def _kept_name(database: Engine) -> str:
    with databases.read_connection(database) as connection:
        newest = (
            select(attachment_table.c.original_name).order_by(attachment_table.c.id.desc()).limit(1)
        )
        return connection.execute(newest).scalar_one()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_every_upload_takes_every_form_of_a_name(
    owner: TestClient, nobody: TestClient, create_ticket: CreateTicket, database: Engine
) -> None:
    ticket = create_ticket()
    number = owner.get("/api/ticketing/tickets/").json()["results"][0]["id"]
    session = nobody
    session.post("/session/login", data={"username": "owner", "password": PASSWORD})
    uploads: list[tuple[TestClient, str, dict[str, str]]] = [
        (owner, f"/api/tickets/{ticket['id']}/attachments", {}),
        (owner, "/api/v1/ticket-attachments/", {"ticket": ticket["id"]}),
        (owner, f"/attachments/ticket/{number}/upload", {}),
        (owner, f"/api/ticketing/tickets/{number}/add_attachment/", {}),
        (owner, "/api/ticketing/attachments/", {"ticket": str(number)}),
        (session, "/session/files", {"place": "new"}),
    ]
    for client, path, fields in uploads:
        for raw, name in (
            (b"filename*=UTF-8''%D0%BE%D1%82%D1%87%D1%91%D1%82.txt", "отчёт.txt"),
            (b"filename=\"=?utf-8?B?YQ==?=\"; filename*=utf-8''best.txt", "best.txt"),
            (b'filename="=?utf-8?B?0L7RgtGH0ZHRgi50eHQ=?="', "отчёт.txt"),
            (rb'filename="C:\fakepath\x.txt"', "x.txt"),
        ):
            answer = _send(client, path, raw, **fields)
            assert answer.status_code in (200, 201), (path, raw, answer.text)
            assert _kept_name(database) == name, (path, raw)
        refused = _send(client, path, b"x=1", **fields)
        assert refused.status_code == 400, (path, refused.text)
