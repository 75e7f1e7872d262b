<?php

declare(strict_types=1);

namespace Company\TicketSystem\Resource;

use Company\TicketSystem\Internal\Call;
use Company\TicketSystem\Internal\Fields;
use Company\TicketSystem\Internal\Values;
use Company\TicketSystem\Model\Approval;
use Company\TicketSystem\Model\ApprovalAction;
use Company\TicketSystem\Model\BulkResults;
use Company\TicketSystem\Model\PendingApproval;
use Company\TicketSystem\Model\Priority;
use Company\TicketSystem\Page;

/** Approval requests and decisions. */
final class Approvals extends Resource
{
    /**
     * Return the requests that wait for the caller; admins see those of `$allApprovers`.
     *
     * @return Page<PendingApproval>
     */
    public function pending(
        ?int $departmentId = null,
        Priority|string|null $priority = null,
        ?int $page = null,
        ?int $size = null,
        bool $allApprovers = false,
    ): Page {
        $query = Values::query([
            'department_id' => $departmentId,
            'priority' => $priority,
            'page' => $page,
            'size' => $size,
            'all' => $allApprovers ? true : null,
        ]);
        return $this->page(PendingApproval::read(...), new Call('GET', '/approvals/pending', $query));
    }

    /** Return a request with its steps. */
    public function get(int $id): Approval
    {
        return $this->one(Approval::read(...), new Call('GET', "/approvals/$id"));
    }

    /**
     * Approve, reject, delegate or ask for information.
     *
     * @param list<string>|null $conditions
     */
    public function act(
        int $id,
        ApprovalAction|string $action,
        ?string $comments = null,
        ?array $conditions = null,
        ?int $delegateToId = null,
    ): Approval {
        $body = self::given([
            'action' => $action,
            'comments' => $comments,
            'conditions' => $conditions,
            'delegate_to_id' => $delegateToId,
        ]);
        return $this->one(Approval::read(...), new Call('POST', "/approvals/$id/action", json: $body));
    }

    /**
     * Apply one action to several requests; each has its own result.
     *
     * @param list<int> $approvalIds
     * @param list<string>|null $conditions
     */
    public function bulk(
        array $approvalIds,
        ApprovalAction|string $action,
        ?string $comments = null,
        ?array $conditions = null,
    ): BulkResults {
        $body = self::given([
            'approval_ids' => $approvalIds,
            'action' => $action,
            'comments' => $comments,
            'conditions' => $conditions,
        ]);
        return $this->one(BulkResults::read(...), new Call('POST', '/approvals/bulk-action', json: $body));
    }

    /** Cancel a request. */
    public function cancel(int $id): Approval
    {
        return $this->one(Approval::read(...), new Call('POST', "/approvals/$id/cancel"));
    }

    /**
     * Return the approval requests of a ticket, newest first.
     *
     * @return list<Approval>
     */
    public function ofTicket(int|string $ticketId): array
    {
        $path = '/tickets/' . Values::segment($ticketId) . '/approvals';
        $data = $this->transport->data(new Call('GET', $path));
        return Fields::of(['items' => $data])->models('items', Approval::read(...));
    }

    /**
     * Request approval of a ticket.
     *
     * @param list<int>|null $approverIds
     */
    public function request(
        int|string $ticketId,
        ?string $reason = null,
        ?int $policyId = null,
        ?array $approverIds = null,
    ): Approval {
        $path = '/tickets/' . Values::segment($ticketId) . '/approvals';
        $body = self::given(['reason' => $reason, 'policy_id' => $policyId, 'approver_ids' => $approverIds]);
        return $this->one(Approval::read(...), new Call('POST', $path, json: $body));
    }
}
