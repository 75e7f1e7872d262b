'use client';
/** What all components share: the client, the theme, the sections and the drafts. */

import {
  createContext,
  useContext,
  useMemo,
  useRef,
  type CSSProperties,
  type ReactNode,
} from 'react';

import { CentcomTickets } from './client/centcom.js';
import { DraftStore } from './drafts.js';
import { authorizedFetch, fetchWithProgress, type GetAccessToken } from './requests.js';

/** A part of the app that tickets can be about. */
export interface Section {
  value: string;
  label: string;
}

export type Theme = 'auto' | 'light' | 'dark';

export interface TicketProviderProps {
  /** The address of the help desk, such as `https://desk.example`. */
  baseURL: string;
  /** An access token, or a function that returns one; it is called again when a token expires. */
  accessToken: string | GetAccessToken;
  /** The parts of the app, for the form's "Section". */
  sections?: readonly Section[];
  /** The version of the app, sent with each ticket. */
  appVersion?: string;
  /** `auto`, the default, follows the reader's system. */
  theme?: Theme;
  /** Seconds between two looks for changes; 0 turns them off. The default is 15. */
  pollInterval?: number;
  /** Identifies the signed-in person, so that people who share a browser have their own drafts. */
  userId?: string;
  className?: string;
  /** For CSS variables, such as `{'--tk-accent': '#0a7'}`. */
  style?: CSSProperties & Record<`--tk-${string}`, string>;
  children?: ReactNode;
}

export interface TicketContext {
  /** The client of the Centcom API, for what the components do not do. */
  client: CentcomTickets;
  /** Return a client whose uploads report the sent fraction, from 0 to 1. */
  uploadClient: (onProgress: (fraction: number) => void) => CentcomTickets;
  drafts: DraftStore;
  sections: readonly Section[];
  appVersion: string | undefined;
  /** Milliseconds between two looks for changes; 0 if they are turned off. */
  pollInterval: number;
}

const Context = createContext<TicketContext | undefined>(undefined);
const NO_SECTIONS: readonly Section[] = [];
const UPLOAD_TIMEOUT = 10 * 60_000;
/** Fewer retries and shorter waits than the client's defaults, since a person waits. */
const RETRIES = { retries: 2, maxWait: 5_000 };

/** Give the components inside it a client, a theme and drafts. */
export function TicketProvider({
  baseURL,
  accessToken,
  sections = NO_SECTIONS,
  appVersion,
  theme = 'auto',
  pollInterval = 15,
  userId = '',
  className,
  style,
  children,
}: TicketProviderProps): ReactNode {
  const token = useRef(accessToken);
  token.current = accessToken;

  const clients = useMemo(() => {
    const getAccessToken: GetAccessToken = (request) =>
      typeof token.current === 'function' ? token.current(request) : token.current;
    const options = {
      ...RETRIES,
      ...(appVersion === undefined ? {} : { centcomVersion: appVersion }),
    };
    return {
      client: new CentcomTickets(baseURL, '', {
        ...options,
        fetch: authorizedFetch(getAccessToken),
      }),
      uploadClient: (onProgress: (fraction: number) => void) =>
        new CentcomTickets(baseURL, '', {
          ...options,
          timeout: UPLOAD_TIMEOUT,
          fetch: authorizedFetch(getAccessToken, fetchWithProgress(onProgress)),
        }),
      drafts: new DraftStore(`ticket-system:${baseURL.replace(/\/+$/, '')}:${userId}`),
    };
    // A plain token is part of the identity of the client, a function is not.
  }, [baseURL, appVersion, userId, typeof accessToken === 'string' ? accessToken : '']);

  const context = useMemo(
    () => ({ ...clients, sections, appVersion, pollInterval: pollInterval * 1000 }),
    [clients, sections, appVersion, pollInterval],
  );
  return (
    <Context.Provider value={context}>
      <div
        className={['tk-root', className].filter(Boolean).join(' ')}
        data-theme={theme}
        style={style}
      >
        {children}
      </div>
    </Context.Provider>
  );
}

/** Return what the provider gives. Throws outside a `TicketProvider`. */
export function useTickets(): TicketContext {
  const context = useContext(Context);
  if (context === undefined) throw new Error('Put the component inside a <TicketProvider>.');
  return context;
}
