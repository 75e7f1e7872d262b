"""The desk's own words: the union of what the five documents can say."""

from __future__ import annotations

from enum import StrEnum


class StatusGroup(StrEnum):
    """What a status means for the clock, the queue and the counts."""

    OPEN = "open"
    WAITING = "waiting"
    DONE = "done"


class Status(StrEnum):
    """Where a ticket stands; behaviour hangs on its `group`, never on the name."""

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
    """How soon; ordered from low to critical by `rank`."""

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
    """How bad the effect is (Centcom, "Optional Fields")."""

    CRITICAL = "critical"
    MAJOR = "major"
    MINOR = "minor"
    COSMETIC = "cosmetic"


class Kind(StrEnum):
    """What sort of request it is; gives the key its prefix."""

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
        """The letters of its key, as in BUG-15."""
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
"""The words that kinds and categories share: a document that has one of them as a kind shows the
same ticket with the same word as a document that has it as a category.
"""


def kind_for_category(category: Category) -> Kind:
    """Return the kind of a ticket that was filed with a category only."""
    return KIND_OF_CATEGORY.get(category, Kind.SUPPORT)


def category_for_kind(kind: Kind) -> Category:
    """Return the category of a ticket that was filed with a kind only."""
    return CATEGORY_OF_KIND.get(kind, Category.GENERAL)


class ReproductionRate(StrEnum):
    """How often the bug shows itself (Centcom, "Optional Fields")."""

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
    """What the scanner said of a file; only a clean one can be fetched."""

    PENDING = "pending"
    CLEAN = "clean"
    INFECTED = "infected"
    FAILED = "failed"


class Audience(StrEnum):
    """Who may read a line of the timeline: everybody on the ticket, or staff only."""

    PUBLIC = "public"
    INTERNAL = "internal"


class TextFormat(StrEnum):
    """How a text is shown: exactly as written, or as Markdown."""

    PLAIN = "plain"
    MARKDOWN = "markdown"


class Role(StrEnum):
    """What a person is to the desk."""

    USER = "user"
    AGENT = "agent"
    MANAGER = "manager"
    ADMIN = "admin"
    SUPER_ADMIN = "super_admin"

    @property
    def is_staff(self) -> bool:
        """Works tickets rather than filing them."""
        return self is not Role.USER

    @property
    def rank(self) -> int:
        """0 (user) to 4 (super_admin)."""
        return ROLE_RANK[self]


ROLE_RANK: dict[Role, int] = {role: n for n, role in enumerate(Role)}


class EntryKind(StrEnum):
    """What a line of the timeline tells."""

    CREATED = "created"
    COMMENT = "comment"
    CHANGE = "change"
    FILE = "file"
    APPROVAL = "approval"
    DELETED = "deleted"
    RESTORED = "restored"
    SERVICE_LEVEL = "service_level"


class ApprovalState(StrEnum):
    """Where an approval stands: the request, one of its steps, or what one person is asked."""

    WAITING = "waiting"
    PENDING = "pending"
    INFO_REQUESTED = "info_requested"
    APPROVED = "approved"
    REJECTED = "rejected"
    DELEGATED = "delegated"
    CANCELLED = "cancelled"


class ApprovalAction(StrEnum):
    """What somebody asked for approval can do (specs/enterprise, "Process Approval")."""

    APPROVE = "approve"
    REJECT = "reject"
    DELEGATE = "delegate"
    REQUEST_INFO = "request_info"


class ApprovalEvent(StrEnum):
    """What a line of the timeline tells of an approval, in its `field`."""

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
