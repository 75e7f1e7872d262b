/** What goes wrong, one class for each code of the document's "Error Codes". */

export interface Circumstances {
  code?: string;
  status?: number;
  details?: Record<string, unknown>;
  requestId?: string;
  retryAfter?: number;
  cause?: unknown;
}

/** The base of everything this package throws. */
export class TicketSystemError extends Error {
  readonly code: string;
  readonly status: number | undefined;
  readonly details: Record<string, unknown>;
  readonly requestId: string;
  /** Seconds the server asks to wait. */
  readonly retryAfter: number | undefined;

  constructor(message: string, told: Circumstances = {}) {
    super(message, told.cause === undefined ? undefined : { cause: told.cause });
    this.name = new.target.name;
    this.code = told.code ?? '';
    this.status = told.status;
    this.details = told.details ?? {};
    this.requestId = told.requestId ?? '';
    this.retryAfter = told.retryAfter;
  }
}

/** The input was refused; `details` names the field and the reason. */
export class ValidationError extends TicketSystemError {
  get field(): string {
    return String(this.details['field'] ?? '');
  }
  get reason(): string {
    return String(this.details['reason'] ?? '');
  }
}

/** No valid token or API key, or a wrong password. */
export class AuthenticationRequired extends TicketSystemError {}

/** The caller may not do this. */
export class PermissionDenied extends TicketSystemError {}

/** There is no such thing, or the caller may not know of it. */
export class NotFound extends TicketSystemError {}

/** Such a thing exists already. */
export class DuplicateResource extends TicketSystemError {}

/** A rule of the desk stands against it. */
export class BusinessRuleViolation extends TicketSystemError {}

/** The ticket was changed since it was read (`ifMatch`). */
export class Stale extends BusinessRuleViolation {}

/** Too many requests; `retryAfter` says how many seconds to wait. */
export class RateLimited extends TicketSystemError {}

/** The service, or one it needs, failed. */
export class ExternalServiceError extends TicketSystemError {}

/** No whole answer came; `wasSent` tells whether the request may have had its effect. */
export class ConnectionFailed extends TicketSystemError {
  readonly wasSent: boolean;

  constructor(message: string, told: Circumstances & { wasSent: boolean }) {
    super(message, told);
    this.wasSent = told.wasSent;
  }
}

/** Something answered, but not as the API does (a proxy's page, another service). */
export class UnexpectedAnswer extends TicketSystemError {}

/** A webhook did not come from the desk, was altered, or is too old. */
export class SignatureInvalid extends TicketSystemError {}

type Kind = new (message: string, told?: Circumstances) => TicketSystemError;

const BY_CODE: Record<string, Kind> = {
  VALIDATION_ERROR: ValidationError,
  AUTHENTICATION_REQUIRED: AuthenticationRequired,
  PERMISSION_DENIED: PermissionDenied,
  RESOURCE_NOT_FOUND: NotFound,
  DUPLICATE_RESOURCE: DuplicateResource,
  BUSINESS_RULE_VIOLATION: BusinessRuleViolation,
  RATE_LIMIT_EXCEEDED: RateLimited,
  EXTERNAL_SERVICE_ERROR: ExternalServiceError,
};

const BY_STATUS: Record<number, Kind> = {
  400: ValidationError,
  401: AuthenticationRequired,
  403: PermissionDenied,
  404: NotFound,
  409: DuplicateResource,
  412: Stale,
  422: BusinessRuleViolation,
  429: RateLimited,
};

/** The class for an answer's status and code. */
export function kindOf(status: number, code: string): Kind {
  if (status === 412) return Stale;
  return (
    BY_CODE[code] ?? BY_STATUS[status] ?? (status >= 500 ? ExternalServiceError : UnexpectedAnswer)
  );
}
