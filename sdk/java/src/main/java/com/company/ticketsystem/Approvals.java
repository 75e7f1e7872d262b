package com.company.ticketsystem;

import com.company.ticketsystem.json.JsonObject;
import com.company.ticketsystem.model.Approval;
import com.company.ticketsystem.model.ApprovalAction;
import com.company.ticketsystem.model.BulkResults;
import com.company.ticketsystem.model.PendingApproval;
import com.company.ticketsystem.model.Priority;
import java.util.List;
import java.util.Map;

/** Approval requests and decisions. */
public final class Approvals extends Resource {
    Approvals(Transport transport) {
        super(transport);
    }

    /** Return the first page of the requests that wait for the caller. */
    public Page<PendingApproval> pending() {
        return pending(null, null, 1, 20, false);
    }

    /** Return a page of the requests that wait for the caller; admins see those of all approvers. */
    public Page<PendingApproval> pending(
            Long departmentId, Priority priority, long page, long size, boolean allApprovers) {
        Map<String, Object> query = Values.given(
                "department_id", departmentId,
                "priority", priority,
                "page", page,
                "size", size,
                "all", allApprovers ? true : null);
        return page(
                PendingApproval::read, PendingApproval::id, Call.get("/approvals/pending").withQuery(query));
    }

    /** Return a request with its steps. */
    public Approval get(long id) {
        return one(Approval::read, Call.get("/approvals/" + id));
    }

    /** Approve, reject or ask for information. */
    public Approval act(long id, ApprovalAction action, String comments) {
        return act(id, action, comments, null, null);
    }

    /** Approve, reject, delegate or ask for information; what is null is not sent. */
    public Approval act(
            long id, ApprovalAction action, String comments, List<String> conditions, Long delegateToId) {
        Map<String, Object> body = Values.given(
                "action", action,
                "comments", comments,
                "conditions", conditions,
                "delegate_to_id", delegateToId);
        return one(Approval::read, Call.post("/approvals/" + id + "/action", body));
    }

    /** Apply one action to several requests; each has its own result. */
    public BulkResults bulk(List<Long> approvalIds, ApprovalAction action, String comments) {
        Map<String, Object> body =
                Values.given("approval_ids", approvalIds, "action", action, "comments", comments);
        return one(BulkResults::read, Call.post("/approvals/bulk-action", body));
    }

    /** Cancel a request. */
    public Approval cancel(long id) {
        return one(Approval::read, Call.post("/approvals/" + id + "/cancel", null));
    }

    /** Return the approval requests of a ticket, newest first. */
    public List<Approval> ofTicket(long ticketId) {
        Object items = transport.data(Call.get("/tickets/" + ticketId + "/approvals"));
        return JsonObject.of(Values.given("items", items)).models("items", Approval::read);
    }

    /** Request approval of a ticket by its policy. */
    public Approval request(long ticketId, String reason) {
        return request(ticketId, reason, null, null);
    }

    /** Request approval of a ticket by a policy or by these approvers; what is null is not sent. */
    public Approval request(long ticketId, String reason, Long policyId, List<Long> approverIds) {
        Map<String, Object> body =
                Values.given("reason", reason, "policy_id", policyId, "approver_ids", approverIds);
        return one(Approval::read, Call.post("/tickets/" + ticketId + "/approvals", body));
    }
}
