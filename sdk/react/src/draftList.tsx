'use client';
/** The drafts that the form offers to continue. */

import { useEffect, useState, type ReactNode } from 'react';

import type { Draft } from './drafts.js';
import { Icon } from './icons.js';
import { formatAge } from './labels.js';

export interface DraftListProps {
  drafts: readonly Draft[];
  onContinue: (draft: Draft) => void;
  onDiscard: (draft: Draft) => void;
}

/** Offer tickets that could not be submitted, and those that were saved. */
export function DraftList({ drafts, onContinue, onDiscard }: DraftListProps): ReactNode {
  const isOnline = useOnline();
  if (drafts.length === 0) return null;
  return (
    <section className="tk-drafts" aria-label="Drafts">
      {drafts.map((draft) => {
        const title = draft.ticket.title.trim() || 'Untitled';
        return (
          <div key={draft.id} className="tk-draft" data-unsent={draft.isUnsent ? '' : undefined}>
            <Icon name={draft.isUnsent ? 'offline' : 'file'} />
            <span className="tk-draft-text">
              <strong>{title}</strong>
              <span className="tk-hint">
                {draft.isUnsent
                  ? `Not submitted: there was no connection${isOnline ? '. You are online again' : ''}`
                  : `Draft, saved ${formatAge(draft.savedAt)}`}
              </span>
            </span>
            <button type="button" className="tk-button" onClick={() => onContinue(draft)}>
              Continue<span className="tk-visually-hidden"> {title}</span>
            </button>
            <button
              type="button"
              className="tk-icon-button"
              aria-label={`Discard ${title}`}
              onClick={() => onDiscard(draft)}
            >
              <Icon name="close" />
            </button>
          </div>
        );
      })}
    </section>
  );
}

function useOnline(): boolean {
  const [isOnline, setIsOnline] = useState(true);
  useEffect(() => {
    const update = (): void => setIsOnline(navigator.onLine);
    update();
    addEventListener('online', update);
    addEventListener('offline', update);
    return () => {
      removeEventListener('online', update);
      removeEventListener('offline', update);
    };
  }, []);
  return isOnline;
}
