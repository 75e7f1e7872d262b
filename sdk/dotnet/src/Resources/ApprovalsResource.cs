using Company.TicketSystem.Internal;
using Company.TicketSystem.Models;

namespace Company.TicketSystem.Resources;

/// <summary>Approval requests and decisions.</summary>
public sealed class ApprovalsResource : Resource
{
    internal ApprovalsResource(Transport transport)
        : base(transport)
    {
    }

    /// <summary>Return a page of the requests that wait for the caller; admins see those of all approvers.</summary>
    public Task<Page<PendingApproval>> PendingAsync(
        long? departmentId = null,
        Priority? priority = null,
        long page = 1,
        long size = 20,
        bool allApprovers = false,
        CancellationToken cancellation = default)
    {
        var call = Get(
            "/approvals/pending",
            ("department_id", departmentId),
            ("priority", priority),
            ("page", page),
            ("size", size),
            ("all", allApprovers ? true : null));
        return PageAsync<PendingApproval>(approval => approval.Id, call, cancellation);
    }

    /// <summary>Return a request with its steps.</summary>
    public Task<Approval> GetAsync(long id, CancellationToken cancellation = default) =>
        OneAsync<Approval>(Get($"/approvals/{id}"), cancellation);

    /// <summary>Approve, reject, delegate or ask for information.</summary>
    public Task<Approval> ActAsync(
        long id,
        ApprovalAction action,
        string? comments = null,
        IReadOnlyList<string>? conditions = null,
        long? delegateToId = null,
        CancellationToken cancellation = default)
    {
        var call = Post(
            $"/approvals/{id}/action",
            ("action", action),
            ("comments", comments),
            ("conditions", conditions),
            ("delegate_to_id", delegateToId));
        return OneAsync<Approval>(call, cancellation);
    }

    /// <summary>Apply one action to several requests; each has its own result.</summary>
    public Task<BulkResults> BulkAsync(
        IReadOnlyList<long> approvalIds, ApprovalAction action, string? comments = null, CancellationToken cancellation = default)
    {
        var call = Post(
            "/approvals/bulk-action",
            ("approval_ids", approvalIds),
            ("action", action),
            ("comments", comments));
        return OneAsync<BulkResults>(call, cancellation);
    }

    /// <summary>Cancel a request.</summary>
    public Task<Approval> CancelAsync(long id, CancellationToken cancellation = default) =>
        OneAsync<Approval>(Post($"/approvals/{id}/cancel"), cancellation);

    /// <summary>Return the approval requests of a ticket, newest first.</summary>
    public Task<IReadOnlyList<Approval>> OfTicketAsync(long ticketId, CancellationToken cancellation = default) =>
        OneAsync<IReadOnlyList<Approval>>(Get($"/tickets/{ticketId}/approvals"), cancellation);

    /// <summary>Request approval of a ticket.</summary>
    public Task<Approval> RequestAsync(
        long ticketId,
        string? reason = null,
        long? policyId = null,
        IReadOnlyList<long>? approverIds = null,
        CancellationToken cancellation = default)
    {
        var call = Post(
            $"/tickets/{ticketId}/approvals",
            ("reason", reason),
            ("policy_id", policyId),
            ("approver_ids", approverIds));
        return OneAsync<Approval>(call, cancellation);
    }
}
