/** What came back: a body, or why not. */

import { kindOf, type TicketSystemError, UnexpectedAnswer } from './errors.js';

/** What a connection fails with that was never made. */
const NEVER_SENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT']);

/** That an answer did not come, or not whole. */
export class Lost extends Error {
  readonly wasSent: boolean;

  constructor(cause: unknown) {
    super('lost', { cause });
    const inner = (cause as { cause?: { code?: unknown } } | null)?.cause?.code;
    this.wasSent = !NEVER_SENT.has(String(inner));
  }
}

export async function answered<T>(promise: Promise<T>): Promise<T> {
  try {
    return await promise;
  } catch (error) {
    throw new Lost(error);
  }
}

export async function whole(response: Response): Promise<string> {
  return answered(response.text());
}

export function objectIn(text: string, status: number): Record<string, unknown> {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    body = undefined;
  }
  if (!isObject(body)) {
    throw new UnexpectedAnswer(`HTTP ${status}: not an answer of the ticket system`, { status });
  }
  return body;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The seconds an answer asks to wait, written as a number or as a date. */
function retryAfter(response: Response): number | undefined {
  const told = response.headers.get('Retry-After')?.trim();
  if (!told) return undefined;
  if (/^\d+$/.test(told)) return Number(told);
  const moment = Date.parse(told);
  return Number.isNaN(moment) ? undefined : Math.max(0, (moment - Date.now()) / 1000);
}

/** What an answer says: Error Response, or Centcom's `{"success": false, "error"}`. */
export async function refusalOf(response: Response): Promise<TicketSystemError> {
  const { status } = response;
  const wait = retryAfter(response);
  const told = {
    status,
    requestId: response.headers.get('X-Request-ID') ?? '',
    ...(wait === undefined ? {} : { retryAfter: wait }),
  };
  let body: Record<string, unknown>;
  try {
    body = objectIn(await whole(response), status);
  } catch (error) {
    if (!(error instanceof UnexpectedAnswer)) throw error;
    const Kind = status >= 400 ? kindOf(status, '') : UnexpectedAnswer;
    return new Kind(error.message, told);
  }
  const error = isObject(body['error']) ? body['error'] : { message: body['error'] };
  const code = String(error['code'] ?? '');
  const details = error['details'] ?? body['details'];
  const Kind = kindOf(status, code);
  return new Kind(String(error['message'] ?? body['detail'] ?? `HTTP ${status}`), {
    ...told,
    code,
    ...(isObject(details) ? { details } : {}),
    requestId: String(body['request_id'] ?? told.requestId),
  });
}
