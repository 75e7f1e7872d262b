"""Create the organisations and people of the demo data."""

from __future__ import annotations

from ticket_app.core.attachments.uploading import StoredUpload
from ticket_app.core.people import demo_accounts
from ticket_app.core.people.actors import build_actor_with_role_defaults
from ticket_app.core.people.registration import create_person
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import Role
from ticket_app.demo import sla_policies as demo_service_levels
from ticket_app.demo.replay import ReplayContext
from ticket_app.demo.texts.models import DemoPerson
from ticket_app.demo.texts.people import COMPANIES, DEPARTMENTS, PEOPLE, TEAMS
from ticket_app.tables import (
    Company,
    Contact,
    Department,
    Person,
    Team,
)


def _email_domain(person: DemoPerson) -> str:
    return person.organisation if "." in person.organisation else "relay.example"


def set_up_organisation(uow: UnitOfWork, files: dict[int, StoredUpload]) -> ReplayContext:
    """Create the people and organisations that exist before the first ticket."""
    now = uow.now
    teams = [Team(name=name, created_at=now) for name in TEAMS]
    departments = [Department(name=name, created_at=now) for name in DEPARTMENTS]
    companies = [
        Company(
            name=demo_company.name,
            name_folded=demo_company.name.casefold(),
            domain=demo_company.domain,
            created_at=now,
        )
        for demo_company in COMPANIES
    ]
    uow.session.add_all([*teams, *departments, *companies])
    uow.flush()
    team_ids = {team.name: team.id for team in teams}
    department_ids = {one.name: one.id for one in departments if one.id}
    company_ids = {one.domain: one.id for one in companies if one.id and one.domain}
    people: dict[str, Person] = {}
    contacts: dict[str, Contact] = {}
    for demo_person in PEOPLE:
        person = create_person(
            uow,
            username=demo_person.username,
            email=f"{demo_person.username}@{_email_domain(demo_person)}",
            password=demo_accounts.get_or_create_demo_password()
            if demo_person.username in demo_accounts.DESCRIPTIONS
            else None,
            first_name=demo_person.first_name,
            last_name=demo_person.last_name,
            role=demo_person.role,
            is_demo=True,
            team_id=team_ids.get(demo_person.organisation),
            company_id=company_ids.get(demo_person.organisation),
            department_id=department_ids.get(demo_person.department or ""),
        )
        people[demo_person.username] = person
        if demo_person.role is Role.USER:
            contacts[demo_person.username] = Contact(
                company_id=person.company_id,
                person_id=person.id,
                name=person.full_name,
                email=person.email,
                phone=f"+44 20 7946 {100 + len(contacts):04d}",
                created_at=now,
            )
    for demo_company in COMPANIES:
        contacts[demo_company.domain] = Contact(
            company_id=company_ids[demo_company.domain],
            name=f"Front desk, {demo_company.name}",
            email=f"desk@{demo_company.domain}",
            created_at=now,
        )
    for department in departments:
        department.manager_id = people["mia"].id
    uow.session.add_all(contacts.values())
    uow.flush()
    demo_service_levels.create_calendars_and_policies(uow, company_ids)
    return ReplayContext(
        actors={name: build_actor_with_role_defaults(person) for name, person in people.items()},
        companies=company_ids,
        contacts={name: contact.id for name, contact in contacts.items() if contact.id},
        departments=department_ids,
        files=files,
    )
