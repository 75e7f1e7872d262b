/** Responses of the API: their body, or the error they report. */

import { errorClassFor, type TicketSystemError, UnexpectedResponse } from './errors.js';

/** Error codes of connections that were never made. */
const NOT_SENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT']);

/** The response is missing or incomplete. */
export class ConnectionLost extends Error {
  readonly wasSent: boolean;

  constructor(cause: unknown) {
    super('connection lost', { cause });
    const inner = (cause as { cause?: { code?: unknown } } | null)?.cause?.code;
    this.wasSent = !NOT_SENT.has(String(inner));
  }
}

/** Return the result of a request, or throw `ConnectionLost` instead of its error. */
export async function withConnectionErrors<T>(promise: Promise<T>): Promise<T> {
  try {
    return await promise;
  } catch (error) {
    throw new ConnectionLost(error);
  }
}

/** Return the body of a response. Throws `ConnectionLost` if it is incomplete. */
export async function readText(response: Response): Promise<string> {
  return withConnectionErrors(response.text());
}

/** Return the JSON object of a body. Throws `UnexpectedResponse` with this HTTP status. */
export function parseObject(text: string, status: number): Record<string, unknown> {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    body = undefined;
  }
  if (!isObject(body)) {
    throw new UnexpectedResponse(`HTTP ${status}: not a response of the ticket system`, { status });
  }
  return body;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Return the seconds that `Retry-After` asks to wait, given as a number or as a date. */
function retryAfter(response: Response): number | undefined {
  const header = response.headers.get('Retry-After')?.trim();
  if (!header) return undefined;
  if (/^\d+$/.test(header)) return Number(header);
  const moment = Date.parse(header);
  return Number.isNaN(moment) ? undefined : Math.max(0, (moment - Date.now()) / 1000);
}

/** Return the error of a response: Error Response, or Centcom's `{"success": false, "error"}`. */
export async function errorOf(response: Response): Promise<TicketSystemError> {
  const { status } = response;
  const wait = retryAfter(response);
  const common = {
    status,
    requestId: response.headers.get('X-Request-ID') ?? '',
    ...(wait === undefined ? {} : { retryAfter: wait }),
  };
  let body: Record<string, unknown>;
  try {
    body = parseObject(await readText(response), status);
  } catch (error) {
    if (!(error instanceof UnexpectedResponse)) throw error;
    const ErrorClass = status >= 400 ? errorClassFor(status, '') : UnexpectedResponse;
    return new ErrorClass(error.message, common);
  }
  const error = isObject(body['error']) ? body['error'] : { message: body['error'] };
  const code = String(error['code'] ?? '');
  const details = error['details'] ?? body['details'];
  const ErrorClass = errorClassFor(status, code);
  return new ErrorClass(String(error['message'] ?? body['detail'] ?? `HTTP ${status}`), {
    ...common,
    code,
    ...(isObject(details) ? { details } : {}),
    requestId: String(body['request_id'] ?? common.requestId),
  });
}
