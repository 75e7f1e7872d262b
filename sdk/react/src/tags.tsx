'use client';
/** A field for tags, with suggestions. */

import { useId, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';

import type { ListedTicket, TicketType } from './client/centcom.js';
import { Icon } from './icons.js';

export const MAX_TAGS = 20;
const MAX_TAG_LENGTH = 50;
const MAX_SUGGESTIONS = 8;

const COMMON_TAGS: Record<TicketType, readonly string[]> = {
  bug: ['crash', 'error', 'performance', 'regression', 'timeout', 'data-loss'],
  feature_request: ['automation', 'export', 'integration', 'reporting', 'workflow'],
  improvement: ['accessibility', 'performance', 'usability', 'documentation'],
  support: ['access', 'configuration', 'how-to', 'installation', 'billing'],
  other: ['question', 'feedback'],
};

/**
 * Return the tags that fit a type and a section, the most fitting first: those of one's own tickets of
 * this type and section, then the common ones of the type.
 */
export function suggestTags(
  type: TicketType,
  section: string,
  tickets: readonly ListedTicket[],
): string[] {
  const scores = new Map<string, number>();
  const add = (tag: string, score: number): void => {
    scores.set(tag, (scores.get(tag) ?? 0) + score);
  };
  for (const ticket of tickets) {
    const isSameSection = section !== '' && ticket.application_section === section;
    const score = (isSameSection ? 10 : 0) + (ticket.ticket_type === type ? 3 : 0);
    if (score > 0) for (const tag of ticket.tags) add(tag, score);
  }
  for (const tag of COMMON_TAGS[type]) add(tag, 2);
  return [...scores.keys()].sort((a, b) => (scores.get(b) ?? 0) - (scores.get(a) ?? 0));
}

export interface TagInputProps {
  value: readonly string[];
  onChange: (tags: string[]) => void;
  suggestions: readonly string[];
}

/** Tags that are typed, ended by Enter or a comma, or chosen from the suggestions. */
export function TagInput({ value, onChange, suggestions }: TagInputProps): ReactNode {
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const [text, setText] = useState('');
  const [message, setMessage] = useState('');
  const typed = text.trim().toLowerCase();
  const offered = suggestions
    .filter((tag) => !value.includes(tag) && tag.toLowerCase().includes(typed))
    .slice(0, MAX_SUGGESTIONS);

  function add(...names: string[]): void {
    const added = names.map((name) => name.trim().slice(0, MAX_TAG_LENGTH)).filter(Boolean);
    const all = [...new Set([...value, ...added])].slice(0, MAX_TAGS);
    setText('');
    if (all.length > value.length) {
      onChange(all);
      setMessage(`Added ${all.slice(value.length).join(', ')}.`);
    }
  }

  function remove(tag: string): void {
    onChange(value.filter((one) => one !== tag));
    setMessage(`Removed ${tag}.`);
    input.current?.focus();
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.key === 'Enter' && !event.nativeEvent.isComposing) {
      event.preventDefault();
      add(text);
    } else if (event.key === 'Backspace' && !text && value.length > 0) {
      remove(value[value.length - 1] ?? '');
    }
  }

  return (
    <div className="tk-field">
      <label className="tk-label" htmlFor={id}>
        Tags
      </label>
      <div className="tk-tags-field" onClick={() => input.current?.focus()}>
        {value.map((tag) => (
          <span key={tag} className="tk-tag">
            {tag}
            <button
              type="button"
              aria-label={`Remove tag ${tag}`}
              onClick={(event) => {
                event.stopPropagation();
                remove(tag);
              }}
            >
              <Icon name="close" />
            </button>
          </span>
        ))}
        <input
          ref={input}
          id={id}
          value={text}
          autoComplete="off"
          aria-describedby={`${id}-hint`}
          placeholder={value.length === 0 ? 'Type a tag, then Enter' : ''}
          onChange={(event) => {
            const parts = event.target.value.split(',');
            if (parts.length > 1) add(...parts);
            else setText(event.target.value);
          }}
          onKeyDown={onKeyDown}
          onBlur={() => add(text)}
        />
      </div>
      <p className="tk-visually-hidden" id={`${id}-hint`}>
        Enter or a comma ends a tag.
      </p>
      <p className="tk-visually-hidden" role="status">
        {message}
      </p>
      {offered.length > 0 && value.length < MAX_TAGS && (
        <div className="tk-suggestions" role="group" aria-label="Suggestions">
          <span className="tk-hint">Suggested:</span>
          {offered.map((tag) => (
            <button
              key={tag}
              type="button"
              className="tk-suggestion"
              aria-label={`Add tag ${tag}`}
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => add(tag)}
            >
              {tag}
            </button>
          ))}
        </div>
      )}
    </div>
  );
}
