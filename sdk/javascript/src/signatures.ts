/** Verification of webhooks by their Standard Webhooks signature. */

import { InvalidSignature } from './errors.js';
import type { WebhookEvent } from './events.js';

type Bytes = Uint8Array<ArrayBuffer>;

/** The maximum age of a webhook in seconds. */
const TOLERANCE = 300;
const encoder = new TextEncoder();

/**
 * Return the event of a webhook request that was recently signed with the secret.
 *
 * `payload` is the raw body of the request. Throws `InvalidSignature`.
 */
export async function verify(
  payload: string | Uint8Array,
  headers: Headers | Record<string, string | string[] | undefined>,
  secret: string,
  options: { tolerance?: number } = {},
): Promise<WebhookEvent> {
  const byName = headers instanceof Headers ? headers : toHeaders(headers);
  const id = byName.get('webhook-id');
  const moment = byName.get('webhook-timestamp');
  const signatures = byName.get('webhook-signature');
  if (!id || !moment || !/^\d+$/.test(moment) || !signatures) {
    throw new InvalidSignature("the webhook's headers are missing or malformed");
  }
  if (Math.abs(Date.now() / 1000 - Number(moment)) > (options.tolerance ?? TOLERANCE)) {
    throw new InvalidSignature("the webhook's timestamp is too old or in the future");
  }
  const body = typeof payload === 'string' ? encoder.encode(payload) : payload;
  const signed = concatenate(encoder.encode(`${id}.${moment}.`), body);
  const hmac = { name: 'HMAC', hash: 'SHA-256' };
  const key = await crypto.subtle.importKey('raw', decodeSecret(secret), hmac, false, ['verify']);
  let matches = false;
  for (const one of signatures.split(' ')) {
    const signature = one.startsWith('v1,') ? decodeBase64(one.slice(3)) : undefined;
    // Compared in constant time by WebCrypto.
    if (signature && (await crypto.subtle.verify('HMAC', key, signature, signed))) matches = true;
  }
  if (!matches) throw new InvalidSignature('the webhook was not signed with this secret');
  try {
    return JSON.parse(new TextDecoder().decode(body)) as WebhookEvent;
  } catch {
    throw new InvalidSignature("the webhook's body is not an event");
  }
}

function toHeaders(headers: Record<string, string | string[] | undefined>): Headers {
  const result = new Headers();
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) result.set(name, Array.isArray(value) ? value.join(' ') : value);
  }
  return result;
}

/** Return the key of a secret: decoded after `whsec_`, else its own bytes. */
function decodeSecret(secret: string): Bytes {
  if (!secret.startsWith('whsec_')) return encoder.encode(secret);
  const key = decodeBase64(secret.slice('whsec_'.length));
  if (!key) throw new InvalidSignature('what follows `whsec_` in the secret is not Base64');
  return key;
}

function decodeBase64(base64: string): Bytes | undefined {
  try {
    return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  } catch {
    return undefined;
  }
}

function concatenate(first: Uint8Array, second: Uint8Array): Bytes {
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}
