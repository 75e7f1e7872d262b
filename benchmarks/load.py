"""Fill an empty database with N tickets in bulk, as the use cases would have left it.

    python benchmarks/load.py 100000 [--seed 7] [--years 3]

Uses the database of TICKET_DATABASE_URL (SQLite or PostgreSQL; migrates it if necessary) and prints
JSON: the accounts `bench` (an agent) and `benchuser` (with about 500 tickets), their password and
API tokens, and the time of each part. The timeline of a ticket is in order of time; the timeline
table is written ticket by ticket.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from contextlib import redirect_stdout
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from sqlalchemy import Engine, Index, insert, select
from sqlalchemy.schema import CreateIndex, DropIndex

from ticket_app.core.operations import installation
from ticket_app.core.people.actors import build_actor_with_role_defaults
from ticket_app.core.people.api_tokens import create_api_token
from ticket_app.core.people.names import confusable_skeleton
from ticket_app.core.people.registration import create_person
from ticket_app.core.platform import database, secrets
from ticket_app.core.platform.actor import DEFAULT_ROLE_PERMISSIONS
from ticket_app.core.platform.ticket_numbers import format_key
from ticket_app.core.platform.unit_of_work import open_unit_of_work
from ticket_app.core.platform.vocabulary import Category, Kind, Priority, Role, Severity, Status
from ticket_app.core.search import search_terms
from ticket_app.tables import (
    company_table,
    entry_table,
    person_table,
    tag_table,
    team_table,
    ticket_table,
    ticket_tag_table,
)

CHUNK = 10_000
FAR_FUTURE = datetime(9999, 12, 31, tzinfo=UTC)
PROSE = """
account agent alarm answer app archive backup battery bill browser button cable cache calendar card
change chart click client clock cloud code colour company computer connection contact copy crash
customer dashboard data database date day delay desk device dialog disk display document door
download draft driver drop email entry error event export failure field file filter firewall folder
form format gap graph guest hardware header hour icon image import index install invoice issue item
job key keyboard label language laptop layout letter licence light limit line link list load lock
login lunch machine mail map market memory menu message meter minute mobile mode model monitor month
morning mouse music name network night note number office option order outage page panel parameter
password patch payment phone photo picture plan player playlist plugin port power preview price
printer problem process product profile project proxy queue question rate reason record refund
report request response result role room router row rule sample scan schedule screen script search
season section security server service session setting shift shop signal site size socket software
song sound source speaker speed staff start state status step stock storage store stream style sum
support switch sync system table tablet tag task team test text theme ticket time timeout title
token tool total traffic update upload user value version video view visit voice volume wall warning
web week window wire word work worker zone
"""
WORDS = PROSE.split()
TAGS = ("urgent", "vip", "network", "billing", "ui", "regression", "crash", "how-to", "hardware",
        "access", "outage", "performance", "export", "api", "security", "mail", "mobile", "import",
        "printing", "login")  # fmt: skip
STATUSES = {
    Status.NEW: 4, Status.OPEN: 5, Status.IN_PROGRESS: 6, Status.PENDING_USER: 4,
    Status.REOPENED: 1, Status.RESOLVED: 22, Status.CLOSED: 52, Status.DUPLICATE: 3,
    Status.WONT_FIX: 3,
}  # fmt: skip
PRIORITIES = (18, 47, 22, 9, 4)
KINDS = (22, 6, 5, 30, 12, 15, 4, 3, 3)
TICKET = (
    "id", "uuid", "key_prefix", "key_number", "opened_on", "day_number", "version", "title",
    "description", "kind", "category", "status", "status_group", "status_rank", "priority",
    "priority_rank", "severity", "tags", "section", "requester_id", "created_by_id", "assignee_id",
    "team_id", "company_id", "due_at", "due_sort_at", "first_response_at", "resolved_at",
    "closed_at", "created_at", "updated_at", "comments_count", "notes_count", "attachments_count",
    "internal_attachments_count", "reopened_count", "last_comment", "last_comment_at",
    "last_comment_by_id", "channel",
)  # fmt: skip
ENTRY = (
    "id", "uuid", "ticket_id", "at", "actor_id", "by_staff", "kind", "audience", "body", "field",
    "old_value", "new_value", "old_id", "new_id", "edited",
)  # fmt: skip
TEXT = (
    "ticket_id",
    "head",
    "body",
    "public",
    "internal",
    "requester",
    "company",
    "files",
    "internal_files",
)
TICKET_TAG = ("ticket_id", "tag_id")


class Writer:
    """Writes rows to one database as fast as possible."""

    def __init__(self, bind: Engine) -> None:
        self.is_sqlite = bind.dialect.name == "sqlite"
        self.raw: Any = bind.raw_connection().driver_connection
        self.cursor: Any = self.raw.cursor()
        self.triggers: list[str] = []
        tables = (ticket_table, entry_table, ticket_tag_table)
        self.indexes: list[Index] = [
            index
            for table in tables
            for index in sorted(table.indexes, key=lambda one: str(one.name))
        ]
        self.dialect = bind.dialect

    def begin(self) -> None:
        """Disable indexes, triggers and checks."""
        if self.is_sqlite:
            self.run("PRAGMA foreign_keys = OFF")
            self.run("PRAGMA journal_mode = OFF")
            self.run("PRAGMA synchronous = OFF")
            self.run("PRAGMA cache_size = -1000000")
            rows = self.cursor.execute("SELECT name, sql FROM sqlite_master WHERE type='trigger'")
            for name, sql in rows.fetchall():
                self.triggers.append(sql)
                self.run(f"DROP TRIGGER {name}")
            self.run("BEGIN")
        else:
            self.run("SET session_replication_role = replica")
            self.run("SET maintenance_work_mem = '512MB'")
            self.run("DROP INDEX ix_ticket_text_everything")
        for index in self.indexes:
            self.run(str(DropIndex(index).compile(dialect=self.dialect)))

    def run(self, sql: str) -> None:
        """Run one statement."""
        self.cursor.execute(sql)

    def write(self, table: str, columns: Sequence[str], rows: list[tuple[Any, ...]]) -> None:
        """Write many rows of one table."""
        names = ", ".join(columns)
        if self.is_sqlite:
            marks = ", ".join("?" * len(columns))
            self.cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", rows)
            return
        with self.cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)

    def end(self, clock: Stopwatch) -> None:
        """Restore what `begin` has disabled, and update the planner's statistics."""
        clock.lap("rows")
        for index in self.indexes:
            self.run(str(CreateIndex(index).compile(dialect=self.dialect)))
        clock.lap("indexes")
        if self.is_sqlite:
            self.run("INSERT INTO ticket_fts(ticket_fts) VALUES('rebuild')")
            for sql in self.triggers:
                self.run(sql)
            self.run("COMMIT")
            clock.lap("full text")
            self.run("ANALYZE")
            self.run("PRAGMA journal_mode = WAL")
        else:
            self.run("CREATE INDEX ix_ticket_text_everything ON ticket_text USING gin (everything)")
            clock.lap("full text")
            for table in ("ticket", "timeline"):
                self.run(
                    f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}"
                )
            self.raw.commit()
            self.raw.autocommit = True
            self.run("VACUUM (ANALYZE)")
        clock.lap("analyze")
        self.raw.close()

    def moment(self, at: datetime) -> Any:
        """Return a time as the database stores it."""
        return at.strftime("%Y-%m-%d %H:%M:%S.%f+00:00") if self.is_sqlite else at

    def unique(self, rng: Random) -> Any:
        """Return a UUID as the database stores it."""
        made = UUID(int=rng.getrandbits(128), version=4)
        return made.hex if self.is_sqlite else made


class Stopwatch:
    """Measures the time of each part."""

    def __init__(self) -> None:
        self.last = self.start = time.perf_counter()
        self.laps: dict[str, float] = {}

    def lap(self, name: str) -> None:
        now = time.perf_counter()
        self.laps[name] = round(now - self.last, 2)
        self.last = now


class Population:
    """The people, companies and teams of the tickets."""

    def __init__(self, tickets: int) -> None:
        self.users: list[tuple[int, int]] = []
        self.agents: list[tuple[int, str, int, str]] = []
        self.bench_user = 0
        self.wanted_users = max(60, min(20_000, tickets // 50))
        self.wanted_companies = max(20, min(600, tickets // 1_000))
        self.wanted_agents = 40


def create_people(
    bind: Engine, population: Population, now: datetime, rng: Random
) -> dict[str, Any]:
    """Create people, companies, teams and tags; return what a benchmark needs to sign in."""
    password = "bench-" + secrets.new_token()[:16]
    with open_unit_of_work(writes=True, bind=bind) as uow:
        db = uow.connection
        if db.execute(select(person_table.c.id).limit(1)).first():
            raise SystemExit("The database is not empty")
        teams = ("Sales", "Tech", "Finance", "Music", "Admin")
        db.execute(insert(team_table), [{"name": name, "created_at": now} for name in teams])
        companies = [f"Company {n:04d}" for n in range(1, population.wanted_companies + 1)]
        db.execute(
            insert(company_table),
            [
                {"name": name, "name_folded": name.casefold(), "created_at": now}
                for name in companies
            ],
        )
        db.execute(insert(tag_table), [{"name": name, "name_folded": name} for name in TAGS])
        team_ids = {
            row.name: row.id for row in db.execute(select(team_table.c.name, team_table.c.id))
        }
        company_ids = list(
            db.execute(select(company_table.c.id).order_by(company_table.c.id)).scalars()
        )
        db.execute(
            insert(person_table),
            [
                _person(f"agent{n:02d}", Role.AGENT, now, team_id=team_ids[teams[n % 5]])
                for n in range(population.wanted_agents)
            ]
            + [
                _person(f"user{n:05d}", Role.USER, now, company_id=rng.choice(company_ids))
                for n in range(population.wanted_users)
            ],
        )
        made = {}
        for name, role in (("bench", Role.AGENT), ("benchuser", Role.USER)):
            person = create_person(
                uow, username=name, email=f"{name}@bench.example", password=password, role=role
            )
            if role is Role.USER:
                person.company_id = company_ids[0]
            else:
                person.team_id = team_ids["Tech"]
                person.permissions = [*DEFAULT_ROLE_PERMISSIONS[role], "view_reports"]
            uow.flush()
            uow.actor = build_actor_with_role_defaults(person)
            token, _ = create_api_token(uow, "benchmark")
            made[name] = {"username": name, "password": password, "token": token}
        team_names = {team_id: name for name, team_id in team_ids.items()}
        for row in db.execute(
            select(
                person_table.c.id,
                person_table.c.username,
                person_table.c.full_name,
                person_table.c.role,
                person_table.c.team_id,
                person_table.c.company_id,
            ).order_by(person_table.c.id)
        ):
            if row.role == Role.AGENT:
                population.agents.append(
                    (row.id, row.full_name, row.team_id, team_names[row.team_id])
                )
            elif row.username == "benchuser":
                population.bench_user = row.id
            else:
                population.users.append((row.id, row.company_id))
    return made


def _person(name: str, role: Role, now: datetime, **columns: Any) -> dict[str, Any]:
    return {
        "username": name,
        "username_folded": name,
        "username_skeleton": confusable_skeleton(name),
        "email": f"{name}@bench.example",
        "email_folded": f"{name}@bench.example",
        "email_verified_at": now,
        "full_name": name.capitalize(),
        "role": role,
        "created_at": now,
        "team_id": None,
        "company_id": None,
        **columns,
    }


def sentences(rng: Random, count: int, min_words: int, max_words: int) -> list[str]:
    """Return sentences whose words have the uneven frequencies of real texts."""
    weights = list(accumulate(1 / (n + 3) for n in range(len(WORDS))))
    shuffled = rng.sample(WORDS, len(WORDS))
    return [
        " ".join(
            rng.choices(shuffled, cum_weights=weights, k=rng.randint(min_words, max_words))
        ).capitalize()
        for _ in range(count)
    ]


class Numbered:
    """The numbers of a ticket, as `search` formats them."""

    __slots__ = ("day_number", "id", "key_number", "key_prefix", "opened_on")


def fill(  # noqa: C901, PLR0915 - a loop over a million rows; each call in it costs seconds
    writer: Writer, population: Population, wanted: int, now: datetime, years: float, rng: Random
) -> None:
    """Write the tickets with their timelines, texts, tags, number sequences and counters."""
    titles = [(s, search_terms.fold(s)) for s in sentences(rng, 4_000, 3, 6)]
    bodies = [(s + ".", search_terms.fold(s)) for s in sentences(rng, 6_000, 6, 14)]
    statuses, shares = list(STATUSES), list(accumulate(STATUSES.values()))
    kinds, kind_shares = list(Kind), list(accumulate(KINDS))
    priorities, priority_shares = list(Priority), list(accumulate(PRIORITIES))
    categories, severities = list(Category), list(Severity)
    start = now - timedelta(days=365 * years)
    interval = (now - start - timedelta(hours=1)) / wanted
    by_kind: Counter[str] = Counter()
    by_day: Counter[str] = Counter()
    buckets: dict[tuple[Any, ...], list[int]] = defaultdict(lambda: [0, 0, 0])
    own_every = max(1, wanted // 500)
    entry_id = 0
    moment, unique = writer.moment, writer.unique
    everyones_due = moment(FAR_FUTURE)
    number = Numbered()
    tickets: list[tuple[Any, ...]] = []
    entries: list[tuple[Any, ...]] = []
    texts: list[tuple[Any, ...]] = []
    ticket_tags: list[tuple[Any, ...]] = []

    def flush() -> None:
        for name, columns, rows in (
            ("ticket", TICKET, tickets),
            ("timeline", ENTRY, entries),
            ("ticket_text", TEXT, texts),
            ("ticket_tag", TICKET_TAG, ticket_tags),
        ):
            writer.write(name, columns, rows)
            rows.clear()

    for ticket_id in range(1, wanted + 1):
        created = start + interval * ticket_id
        status = rng.choices(statuses, cum_weights=shares)[0]
        kind = rng.choices(kinds, cum_weights=kind_shares)[0]
        priority = rng.choices(priorities, cum_weights=priority_shares)[0]
        category = rng.choice(categories)
        agent = None if status is Status.NEW else rng.choice(population.agents)
        requester, company = rng.choice(population.users)
        if ticket_id % own_every == 0:
            requester, company = population.bench_user, 1
        day = created.date()
        by_kind[kind.prefix] += 1
        by_day[day.isoformat()] += 1
        number.id, number.key_prefix, number.key_number = (
            ticket_id,
            kind.prefix,
            by_kind[kind.prefix],
        )
        number.opened_on, number.day_number = day, by_day[day.isoformat()]
        title, title_folded = rng.choice(titles)
        first, second, third = rng.choice(bodies), rng.choice(bodies), rng.choice(bodies)
        carried = rng.sample(range(len(TAGS)), rng.choice((0, 0, 1, 1, 2, 3)))
        comment_count = min(12, int(rng.expovariate(1 / 3) + 0.5))
        gap = min(timedelta(hours=rng.uniform(0.2, 30)), (now - created) / (comment_count + 5))
        at = created
        version = 1

        def line(
            at: datetime, actor: int, staff: bool, kind: str, audience: str = "public",
            body: str | None = None, field: str | None = None, old: str | None = None,
            new: str | None = None, new_id: int | None = None,
            ticket_id: int = ticket_id,
        ) -> None:  # fmt: skip
            nonlocal entry_id
            entry_id += 1
            entries.append(
                (entry_id, unique(rng), ticket_id, moment(at), actor, staff, kind, audience, body,
                 field, old, new, None, new_id, False)
            )  # fmt: skip

        line(created, requester, False, "created", field="status", new="new")
        if agent:
            at += gap
            version += 1
            line(at, agent[0], True, "change", field="assignee", new=agent[1], new_id=agent[0])
            line(at, agent[0], True, "change", "internal", field="team", new=agent[3],
                 new_id=agent[2])  # fmt: skip
            line(at, agent[0], True, "change", field="status", old="new", new="open")
        public, internal, comments, notes = "", "", 0, 0
        last: tuple[Any, ...] = (None, None, None)
        answered = None
        for n in range(comment_count):
            at += gap
            version += 1
            body, folded = rng.choice(bodies)
            staff = agent is not None and n % 2 == 0
            speaker = agent[0] if agent and staff else requester
            hidden = staff and rng.random() < 0.25
            line(at, speaker, staff, "comment", "internal" if hidden else "public", body)
            if hidden:
                internal, notes = f"{internal} {folded}", notes + 1
                continue
            public, comments = f"{public} {folded}", comments + 1
            last = (body[:140], moment(at), speaker)
            if staff and answered is None:
                answered = moment(at)
        resolved = None
        reopened = status is Status.REOPENED
        if agent and (status not in (Status.NEW, Status.OPEN)):
            steps = [Status.RESOLVED, status] if status is Status.CLOSED or reopened else [status]
            before = "open"
            for step in steps:
                at += gap
                version += 1
                line(at, agent[0], True, "change", field="status", old=before, new=step)
                before = step
                if step.group == "done":
                    resolved = resolved or at
            if reopened:
                resolved = None
        due = created + timedelta(days=7) if rng.random() < 0.4 else None
        tickets.append(
            (
                ticket_id, unique(rng), kind.prefix, number.key_number,
                day.isoformat() if writer.is_sqlite else day, number.day_number, version, title,
                f"{first[0]} {second[0]}\n\n{third[0]}", kind, category, status, status.group,
                status.rank, priority, priority.rank, rng.choice(severities),
                json.dumps([TAGS[n] for n in carried]), "", requester, requester,
                agent and agent[0], agent and agent[2], company, due and moment(due),
                moment(due) if due else everyones_due, answered, resolved and moment(resolved),
                moment(at) if status is Status.CLOSED else None, moment(created), moment(at),
                comments, notes, 0, 0, int(reopened), *last, "web",
            )
        )  # fmt: skip
        head = search_terms.fold(
            f"{format_key(number)} T-{day:%Y%m%d}-{number.day_number:04d} "
            f"TKT-{day:%Y%m%d}-{number.day_number:03d} TKT-{ticket_id:06d}"
        )
        tags = " ".join(search_terms.fold(TAGS[n]) for n in carried)
        texts.append(
            (ticket_id, f"{head} {title_folded} {tags}".strip(),
             f"{first[1]} {second[1]} {third[1]}", public, internal, "", "", "", "")
        )  # fmt: skip
        ticket_tags.extend((ticket_id, n + 1) for n in carried)
        bucket = buckets[status, priority, category, kind, agent is not None]
        bucket[0] += 1
        if resolved:
            bucket[1] += 1
            bucket[2] += int((resolved - created).total_seconds())
        if ticket_id % CHUNK == 0:
            flush()
    flush()
    writer.write(
        "number_sequence",
        ("name", "value"),
        [(f"kind:{name}", n) for name, n in by_kind.items()]
        + [(f"day:{name}", n) for name, n in by_day.items()],
    )
    writer.write(
        "ticket_count",
        ("status", "priority", "category", "kind", "is_assigned", "tickets", "resolved",
         "resolved_seconds"),
        [(*bucket, *numbers) for bucket, numbers in buckets.items()],
    )  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("tickets", type=int)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--years", type=float, default=3)
    arguments = parser.parse_args()
    clock = Stopwatch()
    bind = database.get_engine()
    installation.migrate(bind)
    rng, now = Random(arguments.seed), datetime.now(UTC)
    population = Population(arguments.tickets)
    with redirect_stdout(sys.stderr):
        accounts = create_people(bind, population, now - timedelta(days=365 * arguments.years), rng)
    clock.lap("people")
    database.close_engine()
    bind = database.get_engine()
    writer = Writer(bind)
    writer.begin()
    fill(writer, population, arguments.tickets, now, arguments.years, rng)
    writer.end(clock)
    seconds = round(time.perf_counter() - clock.start, 1)
    print(
        json.dumps(
            {"tickets": arguments.tickets, "seconds": seconds, "laps": clock.laps, **accounts}
        )
    )


if __name__ == "__main__":
    main()
