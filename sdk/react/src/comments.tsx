'use client';
/** The comments of a ticket, and the field for another one. */

import { useEffect, useState, type FormEvent, type ReactNode } from 'react';

import type { Comment } from './client/centcom.js';
import { MarkdownEditor } from './editor.js';
import { Notice } from './fields.js';
import { formatAge, formatMoment } from './labels.js';
import { Markdown } from './markdown.js';
import { messageOf } from './messages.js';
import { useTickets } from './provider.js';
import { MAX_TEXT_LENGTH } from './validation.js';

/** The comments, oldest first. */
export function CommentList({ comments }: { comments: readonly Comment[] }): ReactNode {
  if (comments.length === 0) return <p className="tk-muted">There are no comments yet.</p>;
  return (
    <ol className="tk-comment-list">
      {comments.map((comment) => (
        <li key={comment.id} className="tk-comment" data-author={comment.author_type}>
          <p className="tk-comment-author">
            <span className="tk-avatar" aria-hidden="true">
              {initials(comment.author_name)}
            </span>
            <strong>{comment.author_name}</strong>
            {comment.author_type === 'admin' && <span className="tk-role">Support</span>}
            <time className="tk-hint" dateTime={comment.created_at} title={formatMoment(comment.created_at)}>
              {formatAge(comment.created_at)}
            </time>
          </p>
          <Markdown text={comment.content} />
        </li>
      ))}
    </ol>
  );
}

function initials(name: string): string {
  const words = name.split(/\s+/).filter(Boolean);
  return [words[0], words.length > 1 ? words.at(-1) : ''].map((word) => word?.charAt(0)).join('');
}

export interface CommentComposerProps {
  ticketId: string;
  /** Called when the comment is on the ticket. */
  onSent: () => Promise<void>;
}

/** Write a comment. An unsent one is kept in the browser. */
export function CommentComposer({ ticketId, onSent }: CommentComposerProps): ReactNode {
  const { client, drafts } = useTickets();
  const [text, setText] = useState('');
  const [isSending, setIsSending] = useState(false);
  const [error, setError] = useState<string>();

  useEffect(() => setText(drafts.comment(ticketId)), [drafts, ticketId]);

  function change(changed: string): void {
    setText(changed);
    setError(undefined);
    drafts.saveComment(ticketId, changed);
  }

  async function send(event: FormEvent): Promise<void> {
    event.preventDefault();
    if (isSending) return;
    if (!text.trim()) {
      setError('Enter a comment.');
      return;
    }
    setIsSending(true);
    try {
      await client.addComment(ticketId, text);
      change('');
      await onSent();
    } catch (failure) {
      setError(`${messageOf(failure)} Your comment is kept in this browser.`);
    } finally {
      setIsSending(false);
    }
  }

  return (
    <form className="tk-composer" noValidate onSubmit={(event) => void send(event)}>
      <MarkdownEditor
        label="Add a comment"
        rows={3}
        maxLength={MAX_TEXT_LENGTH}
        value={text}
        onChange={change}
      />
      {error && <Notice kind="danger">{error}</Notice>}
      <div className="tk-actions">
        <button type="submit" className="tk-button" data-primary="" aria-disabled={isSending}>
          {isSending ? 'Sending ...' : 'Add comment'}
        </button>
      </div>
    </form>
  );
}
