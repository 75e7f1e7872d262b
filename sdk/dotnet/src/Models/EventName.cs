// Written by scripts/sdk_models.py from the API's OpenAPI description. Do not edit.

namespace Company.TicketSystem.Models;

/// <summary>Values that requests may have.</summary>
public enum EventName
{
    /// <summary>ticket.created</summary>
    [WireName("ticket.created")]
    TicketCreated,
    /// <summary>ticket.updated</summary>
    [WireName("ticket.updated")]
    TicketUpdated,
    /// <summary>ticket.status_changed</summary>
    [WireName("ticket.status_changed")]
    TicketStatusChanged,
    /// <summary>ticket.assigned</summary>
    [WireName("ticket.assigned")]
    TicketAssigned,
    /// <summary>comment.added</summary>
    [WireName("comment.added")]
    CommentAdded,
    /// <summary>approval.requested</summary>
    [WireName("approval.requested")]
    ApprovalRequested,
    /// <summary>approval.processed</summary>
    [WireName("approval.processed")]
    ApprovalProcessed,
    /// <summary>file.uploaded</summary>
    [WireName("file.uploaded")]
    FileUploaded,
    /// <summary>ticket.sla_warning</summary>
    [WireName("ticket.sla_warning")]
    TicketSlaWarning,
    /// <summary>ticket.sla_breached</summary>
    [WireName("ticket.sla_breached")]
    TicketSlaBreached,
}
