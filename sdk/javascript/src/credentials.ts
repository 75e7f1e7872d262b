/** Who is asking, and how that stays true beyond an hour. */

import { AuthenticationRequired, ConnectionFailed } from './errors.js';

export interface Tokens {
  access: string;
  refresh: string;
}

/** A token without the blanks around it. Throws `TypeError` for what no header can hold. */
function tokenOf(told: string | undefined): string | undefined {
  const token = told?.trim();
  if (token && !/^[!-~]+$/.test(token)) {
    throw new TypeError('a token or API key has letters, digits and signs of ASCII only');
  }
  return token || undefined;
}

/** Who is asking: an API key, or an access token with what renews it. */
export class Credentials {
  readonly #apiKey: string | undefined;
  #access: string | undefined;
  #refresh: string | undefined;
  #renewing: Promise<boolean> | undefined;

  constructor(apiKey?: string) {
    this.#apiKey = tokenOf(apiKey);
  }

  use(accessToken: string | undefined, refreshToken?: string): void {
    const access = tokenOf(accessToken);
    const refresh = tokenOf(refreshToken);
    if (refresh === undefined && access === this.#access) return;
    this.#access = access;
    this.#refresh = refresh;
  }

  get accessToken(): string | undefined {
    return this.#access;
  }

  get refreshToken(): string | undefined {
    return this.#refresh;
  }

  headers(access: string | undefined): Record<string, string> {
    if (access !== undefined) return { Authorization: `Bearer ${access}` };
    return this.#apiKey ? { 'X-API-Key': this.#apiKey } : {};
  }

  /**
   * Have another access token than the refused one; whether there is one now.
   *
   * A refresh token works once, and a second use ends the sign-in: so one request fetches while the
   * others wait for what it gets, and one that may have been spent is not sent again.
   */
  async renew(
    refused: string | undefined,
    fetchTokens: (refresh: string) => Promise<Tokens>,
  ): Promise<boolean> {
    if (refused === undefined) return false;
    if (refused !== this.#access) return this.#access !== undefined;
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
