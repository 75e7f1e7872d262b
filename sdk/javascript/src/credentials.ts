/** The credentials of requests, and the renewal of access tokens. */

import { AuthenticationRequired, ConnectionFailed } from './errors.js';

export interface Tokens {
  access: string;
  refresh: string;
}

/** Return a token without surrounding whitespace. Throws `TypeError` if it is malformed. */
function cleanToken(text: string | undefined): string | undefined {
  const token = text?.trim();
  if (token && !/^[!-~]+$/.test(token)) {
    throw new TypeError('a token or API key may contain printable ASCII characters only');
  }
  return token || undefined;
}

/** An API key, or an access token and its refresh token. */
export class Credentials {
  readonly #apiKey: string | undefined;
  #access: string | undefined;
  #refresh: string | undefined;
  #renewing: Promise<boolean> | undefined;

  constructor(apiKey?: string) {
    this.#apiKey = cleanToken(apiKey);
  }

  /** Use this access token, and renew it if a refresh token is given. */
  use(accessToken: string | undefined, refreshToken?: string): void {
    const access = cleanToken(accessToken);
    const refresh = cleanToken(refreshToken);
    if (refresh === undefined && access === this.#access) return;
    this.#access = access;
    this.#refresh = refresh;
  }

  /** The current access token. */
  get accessToken(): string | undefined {
    return this.#access;
  }

  /** The refresh token of the access token. */
  get refreshToken(): string | undefined {
    return this.#refresh;
  }

  /** Return the header that authenticates a request: this access token, or else the API key. */
  headers(access: string | undefined): Record<string, string> {
    if (access !== undefined) return { Authorization: `Bearer ${access}` };
    return this.#apiKey ? { 'X-API-Key': this.#apiKey } : {};
  }

  /**
   * Replace the rejected access token; return whether there is another one now.
   *
   * A refresh token works once, and a second use ends the session. So one request fetches new tokens
   * while the others wait, and a refresh token that may have been used is not sent again.
   */
  async renew(
    rejected: string | undefined,
    fetchTokens: (refresh: string) => Promise<Tokens>,
  ): Promise<boolean> {
    if (rejected === undefined) return false;
    if (rejected !== this.#access) return this.#access !== undefined;
    this.#renewing ??= this.#fetch(fetchTokens).finally(() => {
      this.#renewing = undefined;
    });
    return this.#renewing;
  }

  async #fetch(fetchTokens: (refresh: string) => Promise<Tokens>): Promise<boolean> {
    const refresh = this.#refresh;
    if (refresh === undefined) return false;
    try {
      const tokens = await fetchTokens(refresh);
      this.#access = tokens.access;
      this.#refresh = tokens.refresh;
      return true;
    } catch (error) {
      if (error instanceof AuthenticationRequired) {
        this.#refresh = undefined;
        return false;
      }
      if (error instanceof ConnectionFailed && error.wasSent) this.#refresh = undefined;
      throw error;
    }
  }
}
