/** Authentication. */

import { AuthenticationRequired } from './errors.js';
import type { Session, User } from './models.js';
import { Resource } from './resource.js';
import type { Credentials } from './credentials.js';
import type { Transport } from './transport.js';

/** Signing in and out. */
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

  /** Sign in; from here on the client asks as this person, and renews its token by itself. */
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

  /** Trade the refresh token (the client's own unless given) for new tokens; it works once. */
  async refresh(refreshToken?: string): Promise<Session> {
    const token = refreshToken ?? this.#credentials.refreshToken;
    if (!token) throw new AuthenticationRequired('nobody has signed in here');
    const session = await this.#renew(token);
    this.#credentials.use(session.access_token, session.refresh_token);
    return session;
  }

  /** Who the token stands for. */
  async me(): Promise<User> {
    return this.one({ method: 'GET', path: '/auth/me' });
  }

  /** End the sign-in; its tokens stop working at once. */
  async logout(): Promise<void> {
    await this.nothing({ method: 'POST', path: '/auth/logout' });
    this.#credentials.use(undefined);
  }

  async #renew(refreshToken: string): Promise<Session> {
    // Not sent again once it may have arrived: a second use would end the whole sign-in.
    return this.one({
      method: 'POST',
      path: '/auth/refresh',
      headers: { Authorization: `Bearer ${refreshToken}` },
      isAuthorized: false,
      repeatable: false,
    });
  }
}
