"""The values of statuses, priorities, kinds and so on: the union of the five documents."""

from __future__ import annotations

from enum import StrEnum

IMPORT_CHANNEL = "import"
"""The channel of tickets that were imported with their history."""


class ContactChannel(StrEnum):
    """How a requester reached the person who created the ticket for them."""

    PHONE = "phone"
    EMAIL = "email"
    CHAT = "chat"
    IN_PERSON = "in_person"


class StatusGroup(StrEnum):
    """What a status means for SLA targets, queues and counts."""

    OPEN = "open"
    WAITING = "waiting"
    DONE = "done"


class Status(StrEnum):
    """The status of a ticket; rules depend on its `group`, not on the status itself."""

    NEW = "new"
    OPEN = "open"
    IN_PROGRESS = "in_progress"
    PENDING_USER = "pending_user"
    PENDING_APPROVAL = "pending_approval"
    RESOLVED = "resolved"
    CLOSED = "closed"
    REOPENED = "reopened"
    DUPLICATE = "duplicate"
    WONT_FIX = "wont_fix"

    @property
    def group(self) -> StatusGroup:
        """Open, waiting or done."""
        return STATUS_GROUP[self]

    @property
    def is_open(self) -> bool:
        """Whether it is our turn, so that the SLA clock runs."""
        return self.group is StatusGroup.OPEN

    @property
    def is_done(self) -> bool:
        """Whether a ticket with this status is finished."""
        return self.group is StatusGroup.DONE

    @property
    def rank(self) -> int:
        """1 (new) to 10 (wont_fix), for sorting."""
        return STATUS_RANK[self]


STATUS_GROUP: dict[Status, StatusGroup] = {
    Status.NEW: StatusGroup.OPEN,
    Status.OPEN: StatusGroup.OPEN,
    Status.IN_PROGRESS: StatusGroup.OPEN,
    Status.PENDING_USER: StatusGroup.WAITING,
    Status.PENDING_APPROVAL: StatusGroup.WAITING,
    Status.RESOLVED: StatusGroup.DONE,
    Status.CLOSED: StatusGroup.DONE,
    Status.REOPENED: StatusGroup.OPEN,
    Status.DUPLICATE: StatusGroup.DONE,
    Status.WONT_FIX: StatusGroup.DONE,
}


STATUS_RANK: dict[Status, int] = {word: n for n, word in enumerate(Status, start=1)}


class Priority(StrEnum):
    """How urgent a ticket is; ordered from low to critical by `rank`."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    URGENT = "urgent"
    CRITICAL = "critical"

    @property
    def rank(self) -> int:
        """1 (low) to 5 (critical), for sorting."""
        return PRIORITY_RANK[self]


PRIORITY_RANK: dict[Priority, int] = {word: n for n, word in enumerate(Priority, start=1)}


class Severity(StrEnum):
    """How bad the effect of a bug is (Centcom, "Optional Fields")."""

    CRITICAL = "critical"
    MAJOR = "major"
    MINOR = "minor"
    COSMETIC = "cosmetic"


class Kind(StrEnum):
    """The kind of a ticket, which gives the prefix of its key."""

    BUG = "bug"
    FEATURE_REQUEST = "feature_request"
    IMPROVEMENT = "improvement"
    SUPPORT = "support"
    INCIDENT = "incident"
    REQUEST = "request"
    PROBLEM = "problem"
    CHANGE = "change"
    OTHER = "other"

    @property
    def prefix(self) -> str:
        """The prefix of the key, as in BUG-15."""
        return KIND_PREFIX[self]


KIND_PREFIX: dict[Kind, str] = {
    Kind.BUG: "BUG",
    Kind.FEATURE_REQUEST: "FR",
    Kind.IMPROVEMENT: "IMP",
    Kind.SUPPORT: "SUP",
    Kind.INCIDENT: "INC",
    Kind.REQUEST: "REQ",
    Kind.PROBLEM: "PRB",
    Kind.CHANGE: "CHG",
    Kind.OTHER: "TKT",
}


class Category(StrEnum):
    """What the ticket is about: the categories of KubeBro, BMAsia and Ticketing together."""

    TECHNICAL = "technical"
    BILLING = "billing"
    ZONE_CONFIG = "zone_config"
    ACCOUNT = "account"
    PRODUCT = "product"
    FEATURE_REQUEST = "feature_request"
    BUG = "bug"
    SUPPORT = "support"
    GENERAL = "general"
    OTHER = "other"


KIND_OF_CATEGORY: dict[Category, Kind] = {
    Category.BUG: Kind.BUG,
    Category.FEATURE_REQUEST: Kind.FEATURE_REQUEST,
    Category.SUPPORT: Kind.SUPPORT,
    Category.OTHER: Kind.OTHER,
}
CATEGORY_OF_KIND: dict[Kind, Category] = {kind: word for word, kind in KIND_OF_CATEGORY.items()}
"""The values that kinds and categories share: a document that has one of them as a kind shows the
same ticket with the same value as a document that has it as a category.
"""


def kind_for_category(category: Category) -> Kind:
    """Return the kind of a ticket that was created with a category only."""
    return KIND_OF_CATEGORY.get(category, Kind.SUPPORT)


def category_for_kind(kind: Kind) -> Category:
    """Return the category of a ticket that was created with a kind only."""
    return CATEGORY_OF_KIND.get(kind, Category.GENERAL)


class AssignmentMethod(StrEnum):
    """How a routing rule finds the assignee of a ticket."""

    TEAM_ONLY = "team_only"
    ROUND_ROBIN = "round_robin"
    LEAST_OPEN = "least_open"
    PERSON = "person"


class SlaAlertGroup(StrEnum):
    """Whom a service level alerts besides the people responsible for a ticket."""

    TEAM = "team"
    DEPARTMENT_MANAGER = "department_manager"
    MANAGERS = "managers"


class ReproductionRate(StrEnum):
    """How often a bug occurs (Centcom, "Optional Fields")."""

    ALWAYS = "always"
    SOMETIMES = "sometimes"
    RARELY = "rarely"
    ONCE = "once"


class AttachmentType(StrEnum):
    """What a file is for (Centcom, "Upload File Attachment")."""

    SCREENSHOT = "screenshot"
    VIDEO = "video"
    LOG_FILE = "log_file"
    DOCUMENT = "document"
    OTHER = "other"


class ScanStatus(StrEnum):
    """The result of scanning a file; only a clean one can be downloaded."""

    PENDING = "pending"
    CLEAN = "clean"
    INFECTED = "infected"
    FAILED = "failed"


class Audience(StrEnum):
    """Who may read a timeline entry or a file: the requester too, or staff only."""

    PUBLIC = "public"
    INTERNAL = "internal"


class TextFormat(StrEnum):
    """How a text is shown: exactly as written, or as Markdown."""

    PLAIN = "plain"
    MARKDOWN = "markdown"


class Role(StrEnum):
    """The role of a person."""

    USER = "user"
    AGENT = "agent"
    MANAGER = "manager"
    ADMIN = "admin"
    SUPER_ADMIN = "super_admin"

    @property
    def is_staff(self) -> bool:
        """Whether people with this role work on tickets."""
        return self is not Role.USER

    @property
    def rank(self) -> int:
        """0 (user) to 4 (super_admin)."""
        return ROLE_RANK[self]


ROLE_RANK: dict[Role, int] = {role: n for n, role in enumerate(Role)}


class EntryKind(StrEnum):
    """The kind of a timeline entry."""

    CREATED = "created"
    COMMENT = "comment"
    CHANGE = "change"
    FILE = "file"
    APPROVAL = "approval"
    DELETED = "deleted"
    RESTORED = "restored"
    SERVICE_LEVEL = "service_level"


class ApprovalState(StrEnum):
    """The state of an approval request, of one of its steps, or of one person's decision."""

    WAITING = "waiting"
    PENDING = "pending"
    INFO_REQUESTED = "info_requested"
    APPROVED = "approved"
    REJECTED = "rejected"
    DELEGATED = "delegated"
    CANCELLED = "cancelled"


class ApprovalAction(StrEnum):
    """What an approver can do (specs/enterprise, "Process Approval")."""

    APPROVE = "approve"
    REJECT = "reject"
    DELEGATE = "delegate"
    REQUEST_INFO = "request_info"


class ApprovalEvent(StrEnum):
    """What happened to an approval, in the `field` of a timeline entry."""

    REQUESTED = "requested"
    ASKED = "asked"
    APPROVED = "approved"
    REJECTED = "rejected"
    REMARK = "remark"
    DELEGATED = "delegated"
    INFO_REQUESTED = "info_requested"
    INFO_GIVEN = "info_given"
    ESCALATED = "escalated"
    CANCELLED = "cancelled"


class AuditKind(StrEnum):
    """What an administrative change is about."""

    PERSON = "person"
    PERMISSIONS = "permissions"
    SIGN_IN = "sign_in"
    API_TOKEN = "api_token"  # noqa: S105
    ORGANISATION = "organisation"
    SETTING = "setting"
    WEBHOOK = "webhook"
    DATA = "data"
    """What leaves or enters as a whole: exports, imports, tickets deleted for good."""


class AuditAction(StrEnum):
    """What was done in an administrative change."""

    CREATED = "created"
    CHANGED = "changed"
    DELETED = "deleted"
    SIGNED_IN = "signed_in"
    SIGNED_OUT = "signed_out"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105
    TOKEN_REUSED = "token_reused"  # noqa: S105
    REVOKED = "revoked"
    SECRET_ROTATED = "secret_rotated"  # noqa: S105
    MERGED = "merged"
    EXPORTED = "exported"
    IMPORTED = "imported"
    RETRIED = "retried"


class AgentState(StrEnum):
    """Whether an agent works now: away for a while, or offline (not at work)."""

    ACTIVE = "active"
    AWAY = "away"
    OFFLINE = "offline"
