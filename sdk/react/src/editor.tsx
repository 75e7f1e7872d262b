'use client';
/** A text field for Markdown, with a toolbar and a preview. */

import { useId, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';

import { Icon, type IconName } from './icons.js';
import { Markdown } from './markdown.js';

export interface MarkdownEditorProps {
  label: string;
  value: string;
  onChange: (value: string) => void;
  onBlur?: () => void;
  rows?: number;
  maxLength?: number;
  placeholder?: string;
  isRequired?: boolean;
  /** What is wrong with the text. */
  error?: string | undefined;
  hint?: string;
}

interface Format {
  name: string;
  icon: IconName;
  /** The key that applies it together with Ctrl or Cmd. */
  shortcut?: string;
  apply: (selected: string) => { text: string; from: number; to: number };
}

const around =
  (mark: string, sample: string): Format['apply'] =>
  (selected) => {
    const inner = selected || sample;
    return { text: mark + inner + mark, from: mark.length, to: mark.length + inner.length };
  };

const linePrefix =
  (prefix: (n: number) => string): Format['apply'] =>
  (selected) => {
    const text = selected
      .split('\n')
      .map((line, n) => prefix(n) + line)
      .join('\n');
    return { text, from: selected ? 0 : text.length, to: text.length };
  };

const FORMATS: Format[] = [
  { name: 'Bold', icon: 'bold', shortcut: 'b', apply: around('**', 'bold') },
  { name: 'Italic', icon: 'italic', shortcut: 'i', apply: around('*', 'italic') },
  { name: 'Code', icon: 'code', shortcut: 'e', apply: around('`', 'code') },
  {
    name: 'Code block',
    icon: 'codeBlock',
    apply: (selected) => ({ text: `\`\`\`\n${selected}\n\`\`\``, from: 4, to: 4 + selected.length }),
  },
  {
    name: 'Link',
    icon: 'link',
    shortcut: 'k',
    apply: (selected) => {
      const label = selected || 'text';
      return { text: `[${label}](https://)`, from: label.length + 3, to: label.length + 11 };
    },
  },
  { name: 'Bulleted list', icon: 'list', apply: linePrefix(() => '- ') },
  { name: 'Numbered list', icon: 'numbers', apply: linePrefix((n) => `${n + 1}. `) },
  { name: 'Quote', icon: 'quote', apply: linePrefix(() => '> ') },
];

/** A labelled field for formatted text. */
export function MarkdownEditor({
  label,
  value,
  onChange,
  onBlur,
  rows = 6,
  maxLength,
  placeholder,
  isRequired = false,
  error,
  hint,
}: MarkdownEditorProps): ReactNode {
  const id = useId();
  const area = useRef<HTMLTextAreaElement>(null);
  const [isPreview, setIsPreview] = useState(false);
  const [focusedTool, setFocusedTool] = useState(0);

  function apply(format: Format): void {
    const field = area.current;
    if (field === null) return;
    const { selectionStart: start, selectionEnd: end } = field;
    const { text, from, to } = format.apply(value.slice(start, end));
    onChange(value.slice(0, start) + text + value.slice(end));
    requestAnimationFrame(() => {
      field.focus();
      field.setSelectionRange(start + from, start + to);
    });
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
    const format = FORMATS.find((one) => one.shortcut === event.key.toLowerCase());
    if (format === undefined) return;
    event.preventDefault();
    apply(format);
  }

  function onToolbarKeyDown(event: KeyboardEvent<HTMLDivElement>): void {
    const last = FORMATS.length - 1;
    const next: Record<string, number> = {
      ArrowRight: focusedTool === last ? 0 : focusedTool + 1,
      ArrowLeft: focusedTool === 0 ? last : focusedTool - 1,
      Home: 0,
      End: last,
    };
    const index = next[event.key];
    if (index === undefined) return;
    event.preventDefault();
    setFocusedTool(index);
    event.currentTarget.querySelectorAll('button')[index]?.focus();
  }

  const description = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ');
  return (
    <div className="tk-field">
      <label className="tk-label" htmlFor={id} data-required={isRequired ? '' : undefined}>
        {label}
      </label>
      <div className="tk-editor" data-invalid={error ? '' : undefined}>
        <div className="tk-editor-bar">
          <div role="group" aria-label="Write or preview" className="tk-tabs">
            {[false, true].map((preview) => (
              <button
                key={String(preview)}
                type="button"
                className="tk-tab"
                aria-pressed={isPreview === preview}
                onClick={() => setIsPreview(preview)}
              >
                {preview ? 'Preview' : 'Write'}
              </button>
            ))}
          </div>
          {!isPreview && (
            <div
              role="toolbar"
              aria-label="Formatting"
              aria-controls={id}
              className="tk-toolbar"
              onKeyDown={onToolbarKeyDown}
            >
              {FORMATS.map((format, n) => (
                <button
                  key={format.name}
                  type="button"
                  className="tk-tool"
                  aria-label={format.name}
                  title={
                    format.shortcut ? `${format.name} (Ctrl+${format.shortcut.toUpperCase()})` : format.name
                  }
                  tabIndex={n === focusedTool ? 0 : -1}
                  onFocus={() => setFocusedTool(n)}
                  onClick={() => apply(format)}
                >
                  <Icon name={format.icon} />
                </button>
              ))}
            </div>
          )}
        </div>
        {isPreview && (
          <div className="tk-preview" role="region" aria-label="Preview">
            {value.trim() ? <Markdown text={value} /> : <p className="tk-muted">Nothing to preview.</p>}
          </div>
        )}
        <textarea
          ref={area}
          id={id}
          className="tk-textarea"
          hidden={isPreview}
          rows={rows}
          value={value}
          maxLength={maxLength}
          placeholder={placeholder}
          required={isRequired}
          aria-invalid={error ? true : undefined}
          aria-describedby={description || undefined}
          onChange={(event) => onChange(event.target.value)}
          onBlur={onBlur}
          onKeyDown={onKeyDown}
        />
      </div>
      {hint && (
        <p className="tk-hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      <FieldError id={`${id}-error`} error={error} />
    </div>
  );
}

/** What is wrong with a field, announced when it appears. */
export function FieldError({ id, error }: { id: string; error: string | undefined }): ReactNode {
  return (
    <p className="tk-error" id={id} role={error ? 'alert' : undefined} hidden={!error}>
      {error}
    </p>
  );
}
