"""Texts of the settings pages that list objects, ready for translation."""

from __future__ import annotations

from typing import Final

NOTHING_FOUND_TITLE: Final = "Nothing matches your search"
NOTHING_FOUND_HINT: Final = "Check the spelling or search for another word."
CLEAR_SEARCH: Final = "Clear search"
TABS_PEOPLE: Final = "People and organisation"
TABS_TICKETS: Final = "Ticket settings"
FIELD_NAME: Final = "Name"
FIELD_ORDER: Final = "Order"
ORDER_HINT: Final = "Lower numbers come first."


def optional(label: str) -> str:
    return f"{label} (optional)"


def subject(noun: str, name: str) -> str:
    return f"The {noun.lower()} “{name}”"


def add(noun: str) -> str:
    return f"Add {noun.lower()}"


def delete(noun: str) -> str:
    return f"Delete {noun.lower()}"


def added(noun: str, name: object) -> str:
    return f"{noun} “{name}” added"


def changed(noun: str, name: object) -> str:
    return f"{noun} “{name}” saved"


def deleted(noun: str, name: object) -> str:
    return f"{noun} “{name}” deleted"


def activated(noun: str) -> str:
    return f"{noun} activated"


def deactivated(noun: str) -> str:
    return f"{noun} deactivated"


# departments
DEPARTMENTS: Final = "Departments"
DEPARTMENT: Final = "Department"
DEPARTMENT_HINT: Final = "Tickets and people belong to departments. The manager decides on approvals that go to the department manager."
DEPARTMENT_SEARCH: Final = "Search departments"
DEPARTMENT_EMPTY: Final = "No departments yet"
DEPARTMENT_EMPTY_HINT: Final = "Departments group people and tickets in reports and approvals."
DEPARTMENT_DELETE_HINT: Final = "A department with people or tickets cannot be deleted."
DEPARTMENT_MANAGER: Final = "Manager"
DEPARTMENT_NO_MANAGER: Final = "No manager"


def managed_by(name: str) -> str:
    return f"Managed by {name}"


# teams
TEAMS: Final = "Teams"
TEAM: Final = "Team"
TEAM_HINT: Final = "A team works on tickets together. Routing rules send new tickets to a team."
TEAM_SEARCH: Final = "Search teams"
TEAM_EMPTY: Final = "No teams yet"
TEAM_EMPTY_HINT: Final = "Create a team, add its people, and route tickets to it."
TEAM_DELETE_HINT: Final = "A team with people, tickets or routing rules cannot be deleted."
TEAM_MEMBERS: Final = "People"
TEAM_MEMBERS_HINT: Final = "Each person is in one team. People you add here leave their old team."
TEAM_NO_MEMBERS: Final = "No people yet"


def team_members(number: int) -> str:
    if number == 0:
        return TEAM_NO_MEMBERS
    return "1 person" if number == 1 else f"{number:,} people"


# companies
COMPANIES: Final = "Companies"
COMPANY: Final = "Company"
COMPANY_HINT: Final = "A company is a customer. Its people and contacts report tickets."
COMPANY_SEARCH: Final = "Search companies by name or domain"
COMPANY_EMPTY: Final = "No companies yet"
COMPANY_EMPTY_HINT: Final = "Add the companies that your customers work for."
COMPANY_DELETE_HINT: Final = "A company with people, contacts, tickets or rules cannot be deleted."
COMPANY_DOMAIN: Final = "Email domain"
COMPANY_NOTES: Final = "Notes"
COMPANY_NOTES_HINT: Final = "Only staff see these notes."
COMPANY_SHARES_TICKETS: Final = "People see each other's tickets"
COMPANY_SHARES_TICKETS_HINT: Final = (
    "People at this company can see all its tickets in the portal and the APIs, including those "
    "that staff create for it. Internal notes stay hidden."
)

# contacts
CONTACTS: Final = "Contacts"
CONTACT: Final = "Contact"
CONTACT_HINT: Final = "A contact is a person at a company, with or without an account."
CONTACT_SEARCH: Final = "Search contacts by name or email"
CONTACT_EMPTY: Final = "No contacts yet"
CONTACT_EMPTY_HINT: Final = "Add the people you work with at each company."
CONTACT_DELETE_HINT: Final = "A contact with tickets cannot be deleted."
CONTACT_EMAIL: Final = "Email"
CONTACT_PHONE: Final = "Phone"
CONTACT_COMPANY: Final = "Company"
CONTACT_NO_COMPANY: Final = "No company"

# templates
TEMPLATES: Final = "Templates"
TEMPLATE: Final = "Template"
TEMPLATE_HINT: Final = "People who create tickets pick a template, and the form is filled in for them. Leave a field empty to let them fill it in."
TEMPLATE_SEARCH: Final = "Search templates"
TEMPLATE_EMPTY: Final = "No templates yet"
TEMPLATE_EMPTY_HINT: Final = "Add templates for issues that people report often."
TEMPLATE_DELETE_HINT: Final = (
    "People can no longer pick it. Tickets created with it stay as they are."
)
TEMPLATE_SUMMARY: Final = "When to use it"
TEMPLATE_STAFF_ONLY: Final = "Only staff can pick this template"
TEMPLATE_STAFF_ONLY_NOTE: Final = "Staff only"
TEMPLATE_TITLE: Final = "Title"
TEMPLATE_DESCRIPTION: Final = "Description"
TEMPLATE_KIND: Final = "Type"
TEMPLATE_CATEGORY: Final = "Category"
TEMPLATE_PRIORITY: Final = "Priority"
TEMPLATE_SECTION: Final = "Section"
TEMPLATE_TAGS: Final = "Tags"
TEMPLATE_TAGS_HINT: Final = "Separate tags with commas."
TEMPLATE_NOT_SET: Final = "Not set"

# routing
ROUTING: Final = "Routing"
RULE: Final = "Routing rule"
RULE_HINT: Final = "The first rule that matches a new ticket assigns it. A rule without conditions matches every ticket. An assignee chosen when the ticket is created is kept."
RULE_SEARCH: Final = "Search routing rules"
RULE_EMPTY: Final = "No routing rules yet"
RULE_EMPTY_HINT: Final = (
    "New tickets stay unassigned until a rule sends them to a team or a person."
)
RULE_DELETE_HINT: Final = (
    "New tickets are no longer routed by it. Tickets it has assigned stay where they are."
)
RULE_SAVED_DETAIL: Final = "It applies to new tickets."
RULE_KINDS: Final = "Types (none selected: any)"
RULE_CATEGORIES: Final = "Categories (none selected: any)"
RULE_SECTIONS: Final = "Sections (none selected: any)"
RULE_COMPANY: Final = "Company"
RULE_ANY_COMPANY: Final = "Any company"
RULE_TEAM: Final = "Team"
RULE_NO_TEAM: Final = "No team"
RULE_METHOD: Final = "Assign to"
RULE_ASSIGNEE: Final = "Person"
RULE_NO_ASSIGNEE: Final = "No one"
RULE_ASSIGNEE_HINT: Final = "Only for tickets that go to one person."
RULE_TEAM_ONLY: Final = "The team, without an assignee"
RULE_ROUND_ROBIN: Final = "Each team member in turn"
RULE_LEAST_OPEN: Final = "The team member with the fewest unfinished tickets"
RULE_PERSON: Final = "One person"
RULE_ALL_TICKETS: Final = "All tickets"


def rule_conditions(kinds: str, categories: str, sections: str, company: str) -> str:
    parts = [
        kinds or RULE_ALL_TICKETS,
        f"in category {categories}" if categories else "",
        f"in section {sections}" if sections else "",
        f"from {company}" if company else "",
    ]
    return " ".join(part for part in parts if part)


def rule_target(team: str, method: str, person: str) -> str:
    targets = {
        "team_only": f"Team {team}",
        "round_robin": f"Team {team}, each member in turn",
        "least_open": f"Team {team}, member with the fewest unfinished tickets",
        "person": f"{person}, team {team}" if team else person,
    }
    return f"→ {targets[method]}"


def order(rank: int) -> str:
    return f"Order {rank}"


# sections
SECTIONS: Final = "Sections"
SECTION: Final = "Section"
SECTION_HINT: Final = "People choose a section when they create a ticket. Renaming one changes its label in the form; tickets keep their section."
SECTION_SEARCH: Final = "Search sections"
SECTION_EMPTY: Final = "No sections yet"
SECTION_EMPTY_HINT: Final = "Add the parts of your product that tickets can be about."
SECTION_DELETE_HINT: Final = (
    "A section that tickets, rules or templates use cannot be deleted. Deactivate it instead."
)


def section_value(value: str) -> str:
    return f"Value in the API: {value}"


# tags
TAGS: Final = "Tags"
TAG: Final = "Tag"
TAG_HINT: Final = "Renaming a tag renames it on all its tickets."
TAG_SEARCH: Final = "Search tags by their first letters"
TAG_EMPTY: Final = "No tags yet"
TAG_EMPTY_HINT: Final = "Tags appear here as soon as tickets have them."
TAG_DELETE_HINT: Final = (
    "A tag that tickets or templates use cannot be deleted. Merge it into another tag instead."
)
TAG_MERGE_ITEM: Final = "Merge into…"
TAG_MERGE: Final = "Merge tags"
TAG_MERGE_HINT: Final = (
    "All its tickets get the other tag instead, and this tag is deleted. You cannot undo this."
)
TAG_INTO: Final = "Merge into"
TAG_INTO_EMPTY: Final = "No tag chosen"


def tag_merge_title(name: object) -> str:
    return f"Merge “{name}”"


def tags_merged(name: str, into: str) -> str:
    return f"Tag “{name}” merged into “{into}”"
