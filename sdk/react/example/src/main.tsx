/** An app of another origin: sign in, the numbers, the list, a ticket, the form. */

import '@company/ticket-system-react/styles.css';
import './example.css';

import {
  TicketDashboardWidget,
  TicketDetail,
  TicketList,
  TicketProvider,
  TicketSubmissionForm,
  type Section,
  type Status,
  type Theme,
} from '@company/ticket-system-react';
import { useState, useSyncExternalStore, type ReactNode } from 'react';
import { createRoot } from 'react-dom/client';

import { SignIn, type Session } from './session.js';

const SECTIONS: Section[] = [
  { value: 'database_connectivity', label: 'Database connectivity' },
  { value: 'analysis', label: 'Analysis' },
  { value: 'plugins', label: 'Plugins' },
  { value: 'user_interface', label: 'User interface' },
];

function useRoute(): string {
  return useSyncExternalStore(
    (notify) => {
      addEventListener('hashchange', notify);
      return () => removeEventListener('hashchange', notify);
    },
    () => location.hash.slice(1) || '/',
  );
}

function go(route: string): void {
  location.hash = route;
}

function openTicket(id: string): void {
  go(`/tickets/${id}`);
}

function App(): ReactNode {
  const [session, setSession] = useState<Session>();
  const [theme, setTheme] = useState<Theme>('auto');
  return (
    <div className="app" data-theme={theme}>
      <header className="app-header">
        <strong className="app-name">Centcom</strong>
        {session && (
          <nav aria-label="Main">
            <a href="#/">Support</a>
            <a href="#/new">New ticket</a>
          </nav>
        )}
        <label className="app-theme">
          Theme
          <select value={theme} onChange={(event) => setTheme(event.target.value as Theme)}>
            <option value="auto">System</option>
            <option value="light">Light</option>
            <option value="dark">Dark</option>
          </select>
        </label>
      </header>
      <main className="app-main">
        {session ? (
          <TicketProvider
            baseURL={session.baseURL}
            accessToken={session.getAccessToken}
            userId={session.username}
            sections={SECTIONS}
            appVersion="2.1.4"
            theme={theme}
            pollInterval={Number(new URLSearchParams(location.search).get('poll') ?? 15)}
          >
            <Support />
          </TicketProvider>
        ) : (
          <SignIn onSignedIn={setSession} />
        )}
      </main>
    </div>
  );
}

function Support(): ReactNode {
  const route = useRoute();
  const [status, setStatus] = useState<Status>();
  if (route === '/new') return <TicketSubmissionForm onOpenTicket={openTicket} />;
  if (route.startsWith('/tickets/')) {
    const id = decodeURIComponent(route.slice('/tickets/'.length));
    return <TicketDetail ticketId={id} onClose={() => go('/')} />;
  }
  return (
    <div className="app-stack">
      <TicketDashboardWidget heading="Overview" onSelectStatus={setStatus} />
      <TicketList onOpenTicket={openTicket} defaultStatus={status} />
    </div>
  );
}

createRoot(document.getElementById('root')!).render(<App />);
