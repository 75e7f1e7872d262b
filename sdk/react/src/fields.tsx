'use client';
/** Labelled fields. */

import { useId, type ReactNode } from 'react';

import { FieldError } from './editor.js';

interface FieldProps {
  label: string;
  value: string;
  onChange: (value: string) => void;
  onBlur?: () => void;
  isRequired?: boolean;
  error?: string | undefined;
  hint?: string | undefined;
}

export interface TextFieldProps extends FieldProps {
  /** With more than one row, a text area. */
  rows?: number;
  maxLength?: number;
  placeholder?: string;
}

/** A labelled text field. */
export function TextField({ rows = 1, ...field }: TextFieldProps): ReactNode {
  return (
    <LabelledField {...field}>
      {(shared) => {
        const given = {
          ...shared,
          maxLength: field.maxLength,
          placeholder: field.placeholder,
          onChange: (event: { target: { value: string } }) => field.onChange(event.target.value),
        };
        return rows > 1 ? (
          <textarea {...given} className="tk-input tk-textarea" rows={rows} />
        ) : (
          <input {...given} className="tk-input" type="text" autoComplete="off" />
        );
      }}
    </LabelledField>
  );
}

export interface SelectFieldProps extends FieldProps {
  options: readonly { value: string; label: string }[];
  /** The option for no value. */
  empty?: string;
}

/** A labelled list of choices. */
export function SelectField({ options, empty, ...field }: SelectFieldProps): ReactNode {
  return (
    <LabelledField {...field}>
      {(shared) => (
        <select
          {...shared}
          className="tk-input tk-select"
          onChange={(event) => field.onChange(event.target.value)}
        >
          {empty !== undefined && <option value="">{empty}</option>}
          {options.map(({ value, label }) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </select>
      )}
    </LabelledField>
  );
}

interface SharedProps {
  id: string;
  value: string;
  required: boolean;
  'aria-invalid': true | undefined;
  'aria-describedby': string | undefined;
  onBlur: (() => void) | undefined;
}

function LabelledField({
  label,
  value,
  onBlur,
  isRequired = false,
  error,
  hint,
  children,
}: FieldProps & { children: (shared: SharedProps) => ReactNode }): ReactNode {
  const id = useId();
  const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ');
  return (
    <div className="tk-field">
      <label className="tk-label" htmlFor={id} data-required={isRequired ? '' : undefined}>
        {label}
      </label>
      {children({
        id,
        value,
        required: isRequired,
        'aria-invalid': error ? true : undefined,
        'aria-describedby': described || undefined,
        onBlur,
      })}
      {hint && (
        <p className="tk-hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      <FieldError id={`${id}-error`} error={error} />
    </div>
  );
}

export interface NoticeProps {
  kind: 'info' | 'success' | 'warning' | 'danger';
  children: ReactNode;
}

/** A message in a box; `warning` and `danger` interrupt a screen reader. */
export function Notice({ kind, children }: NoticeProps): ReactNode {
  const isUrgent = kind === 'warning' || kind === 'danger';
  return (
    <div className="tk-notice" data-kind={kind} role={isUrgent ? 'alert' : 'status'}>
      {children}
    </div>
  );
}
