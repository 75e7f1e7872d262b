/** Whether a webhook came from the desk: Standard Webhooks signatures. */

import { SignatureInvalid } from './errors.js';
import type { WebhookEvent } from './events.js';

type Bytes = Uint8Array<ArrayBuffer>;

/** Seconds a webhook may have been under way. */
const TOLERANCE = 300;
const encoder = new TextEncoder();

/**
 * The event a webhook's request brings, if it was signed with the secret, and lately.
 *
 * `payload` is the body as it arrived, byte for byte. Throws `SignatureInvalid`.
 */
export async function verify(
  payload: string | Uint8Array,
  headers: Headers | Record<string, string | string[] | undefined>,
  secret: string,
  options: { tolerance?: number } = {},
): Promise<WebhookEvent> {
  const told = headers instanceof Headers ? headers : plain(headers);
  const id = told.get('webhook-id');
  const moment = told.get('webhook-timestamp');
  const signatures = told.get('webhook-signature');
  if (!id || !moment || !/^\d+$/.test(moment) || !signatures) {
    throw new SignatureInvalid("the webhook's headers are missing or malformed");
  }
  if (Math.abs(Date.now() / 1000 - Number(moment)) > (options.tolerance ?? TOLERANCE)) {
    throw new SignatureInvalid('the webhook is too old, or from a clock that is ahead');
  }
  const body = typeof payload === 'string' ? encoder.encode(payload) : payload;
  const signed = joined(encoder.encode(`${id}.${moment}.`), body);
  const hmac = { name: 'HMAC', hash: 'SHA-256' };
  const key = await crypto.subtle.importKey('raw', keyOf(secret), hmac, false, ['verify']);
  let matches = false;
  for (const one of signatures.split(' ')) {
    const signature = one.startsWith('v1,') ? bytes(one.slice(3)) : undefined;
    // Compared in constant time by WebCrypto.
    if (signature && (await crypto.subtle.verify('HMAC', key, signature, signed))) matches = true;
  }
  if (!matches) throw new SignatureInvalid('the webhook was not signed with this secret');
  try {
    return JSON.parse(new TextDecoder().decode(body)) as WebhookEvent;
  } catch {
    throw new SignatureInvalid("the webhook's body is no event");
  }
}

function plain(headers: Record<string, string | string[] | undefined>): Headers {
  const kept = new Headers();
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) kept.set(name, Array.isArray(value) ? value.join(' ') : value);
  }
  return kept;
}

/** The bytes of a `whsec_` secret; another secret is its own bytes. */
function keyOf(secret: string): Bytes {
  if (!secret.startsWith('whsec_')) return encoder.encode(secret);
  const key = bytes(secret.slice('whsec_'.length));
  if (!key) throw new SignatureInvalid('the secret is not what follows `whsec_` elsewhere');
  return key;
}

function bytes(base64: string): Bytes | undefined {
  try {
    return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  } catch {
    return undefined;
  }
}

function joined(first: Uint8Array, second: Uint8Array): Bytes {
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}
