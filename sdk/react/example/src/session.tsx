/** Signing in. An app with its own sign-in passes its own token instead. */

import { TicketSystemAPI, TicketSystemError, type GetAccessToken } from '@company/ticket-system-react';
import { useState, type FormEvent, type ReactNode } from 'react';

export interface Session {
  baseURL: string;
  username: string;
  getAccessToken: GetAccessToken;
}

async function signIn(baseURL: string, username: string, password: string): Promise<Session> {
  const api = new TicketSystemAPI({ baseURL });
  let { access_token: token } = await api.auth.login(username, password);
  return {
    baseURL,
    username,
    getAccessToken: async ({ isRejected }) => {
      if (isRejected) token = (await api.auth.refresh()).access_token;
      return token;
    },
  };
}

export function SignIn({ onSignedIn }: { onSignedIn: (session: Session) => void }): ReactNode {
  const [error, setError] = useState('');

  async function submit(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault();
    const values = new FormData(event.currentTarget);
    const read = (name: string): string => String(values.get(name) ?? '');
    try {
      onSignedIn(await signIn(read('desk'), read('username'), read('password')));
    } catch (failure) {
      setError(failure instanceof TicketSystemError ? failure.message : 'Signing in failed.');
    }
  }

  const address = new URLSearchParams(location.search).get('desk') ?? 'http://127.0.0.1:8000';
  return (
    <form className="app-sign-in" onSubmit={(event) => void submit(event)}>
      <h1>Sign in</h1>
      <label>
        Help desk
        <input name="desk" type="url" defaultValue={address} required />
      </label>
      <label>
        Username
        <input name="username" autoComplete="username" required />
      </label>
      <label>
        Password
        <input name="password" type="password" autoComplete="current-password" required />
      </label>
      {error && <p role="alert">{error}</p>}
      <button type="submit">Sign in</button>
    </form>
  );
}
