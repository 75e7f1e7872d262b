/** The errors of the API, one class for each of the document's "Error Codes". */

export interface ErrorDetails {
  code?: string;
  status?: number;
  details?: Record<string, unknown>;
  requestId?: string;
  retryAfter?: number;
  cause?: unknown;
}

/** The base class of all errors of this package. */
export class TicketSystemError extends Error {
  readonly code: string;
  readonly status: number | undefined;
  readonly details: Record<string, unknown>;
  readonly requestId: string;
  /** The seconds that the server asks to wait. */
  readonly retryAfter: number | undefined;

  constructor(message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = new.target.name;
    this.code = details.code ?? '';
    this.status = details.status;
    this.details = details.details ?? {};
    this.requestId = details.requestId ?? '';
    this.retryAfter = details.retryAfter;
  }
}

/** The input is invalid; `details` has the field and the reason. */
export class ValidationError extends TicketSystemError {
  /** The name of the invalid field. */
  get field(): string {
    return String(this.details['field'] ?? '');
  }
  /** Why the field is invalid. */
  get reason(): string {
    return String(this.details['reason'] ?? '');
  }
}

/** The token, API key or password is missing or wrong. */
export class AuthenticationRequired extends TicketSystemError {}

/** The caller may not do this. */
export class PermissionDenied extends TicketSystemError {}

/** The resource does not exist, or the caller may not see it. */
export class NotFound extends TicketSystemError {}

/** The resource already exists. */
export class DuplicateResource extends TicketSystemError {}

/** A business rule does not allow the action. */
export class BusinessRuleViolation extends TicketSystemError {}

/** The ticket has changed since it was read (`ifMatch`). */
export class VersionConflict extends BusinessRuleViolation {}

/** There were too many requests; wait for `retryAfter` seconds. */
export class RateLimited extends TicketSystemError {}

/** The service, or one that it depends on, failed. */
export class ExternalServiceError extends TicketSystemError {}

/** No complete response; `wasSent` is true if the request may have taken effect. */
export class ConnectionFailed extends TicketSystemError {
  readonly wasSent: boolean;

  constructor(message: string, details: ErrorDetails & { wasSent: boolean }) {
    super(message, details);
    this.wasSent = details.wasSent;
  }
}

/** The response is not one of the API (but of a proxy or another service). */
export class UnexpectedResponse extends TicketSystemError {}

/** A webhook was not sent by the ticket system, was altered, or is too old. */
export class InvalidSignature extends TicketSystemError {}

type ErrorClass = new (message: string, details?: ErrorDetails) => TicketSystemError;

const BY_CODE: Record<string, ErrorClass> = {
  VALIDATION_ERROR: ValidationError,
  AUTHENTICATION_REQUIRED: AuthenticationRequired,
  PERMISSION_DENIED: PermissionDenied,
  RESOURCE_NOT_FOUND: NotFound,
  DUPLICATE_RESOURCE: DuplicateResource,
  BUSINESS_RULE_VIOLATION: BusinessRuleViolation,
  RATE_LIMIT_EXCEEDED: RateLimited,
  EXTERNAL_SERVICE_ERROR: ExternalServiceError,
};

const BY_STATUS: Record<number, ErrorClass> = {
  400: ValidationError,
  401: AuthenticationRequired,
  403: PermissionDenied,
  404: NotFound,
  409: DuplicateResource,
  412: VersionConflict,
  422: BusinessRuleViolation,
  429: RateLimited,
};

/** Return the error class for a response's status and code. */
export function errorClassFor(status: number, code: string): ErrorClass {
  if (status === 412) return VersionConflict;
  return (
    BY_CODE[code] ?? BY_STATUS[status] ?? (status >= 500 ? ExternalServiceError : UnexpectedResponse)
  );
}
