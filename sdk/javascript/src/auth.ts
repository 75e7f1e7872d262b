/** Authentication. */

import { AuthenticationRequired } from './errors.js';
import type { Session, User } from './models.js';
import { Resource } from './resource.js';
import type { Credentials } from './credentials.js';
import type { Transport } from './transport.js';

/** Sign-in and sign-out. */
export class Auth extends Resource {
  readonly #credentials: Credentials;

  constructor(transport: Transport) {
    super(transport);
    this.#credentials = transport.credentials;
    transport.fetchTokens = async (refreshToken) => {
      const session = await this.#renew(refreshToken);
      return { access: session.access_token, refresh: session.refresh_token };
    };
  }

  /**
   * Sign in. The client then uses and renews this session's tokens.
   *
   * Throws `AuthenticationRequired`, `RateLimited`.
   */
  async login(username: string, password: string): Promise<Session> {
    const session = await this.one<Session>({
      method: 'POST',
      path: '/auth/login',
      json: { username, password },
      isAuthorized: false,
    });
    this.#credentials.use(session.access_token, session.refresh_token);
    return session;
  }

  /**
   * Exchange a refresh token (by default the client's own) for new tokens; it works once.
   *
   * Throws `AuthenticationRequired`.
   */
  async refresh(refreshToken?: string): Promise<Session> {
    const token = refreshToken ?? this.#credentials.refreshToken;
    if (!token) throw new AuthenticationRequired('there is no refresh token: sign in first');
    const session = await this.#renew(token);
    this.#credentials.use(session.access_token, session.refresh_token);
    return session;
  }

  /** Return the user that the token belongs to. Throws `AuthenticationRequired`. */
  async me(): Promise<User> {
    return this.one({ method: 'GET', path: '/auth/me' });
  }

  /** Sign out; the session's tokens become invalid. Throws `AuthenticationRequired`. */
  async logout(): Promise<void> {
    await this.send({ method: 'POST', path: '/auth/logout' });
    this.#credentials.use(undefined);
  }

  async #renew(refreshToken: string): Promise<Session> {
    // Not retried once it may have arrived: using a refresh token twice ends the session.
    return this.one({
      method: 'POST',
      path: '/auth/refresh',
      headers: { Authorization: `Bearer ${refreshToken}` },
      isAuthorized: false,
      repeatable: false,
    });
  }
}
