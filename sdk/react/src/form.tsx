'use client';
/** The form that submits a ticket (the guide's "Ticket Submission Form"). */

import {
  useCallback,
  useId,
  useMemo,
  useRef,
  type FormEvent,
  type ReactNode,
} from 'react';

import type { CreatedTicket, NewTicket, Priority, TicketType } from './client/centcom.js';
import { DraftList } from './draftList.js';
import { MarkdownEditor } from './editor.js';
import { detectEnvironment, environmentLabel, type Environment } from './environment.js';
import { SelectField, TextField } from './fields.js';
import { FilePicker } from './filePicker.js';
import { Created, Result } from './formResult.js';
import {
  formatTime,
  keysOf,
  optionsOf,
  PRIORITY_CHOICES,
  PRIORITY_DESCRIPTIONS,
  REPRODUCTION_LABELS,
  SEVERITY_LABELS,
  TYPE_DESCRIPTIONS,
  TYPE_LABELS,
} from './labels.js';
import { usePolling } from './polling.js';
import { useTickets } from './provider.js';
import { useTicketForm, type TicketForm } from './submission.js';
import { suggestTags, TagInput } from './tags.js';
import { MAX_TEXT_LENGTH, MAX_TITLE_LENGTH } from './validation.js';

export interface TicketSubmissionFormProps {
  /** Called when the ticket is created and its files are uploaded. */
  onSubmitted?: (ticket: CreatedTicket) => void;
  /** Called by "View ticket" after the submission; without it there is no such button. */
  onOpenTicket?: (ticketId: string) => void;
  /** What the form contains at first. */
  defaultValues?: Partial<NewTicket>;
  /** Facts to add to the environment, such as the version of a plugin. */
  environment?: Environment;
  /** Suggests tags; by default common ones of the type, and those of one's own tickets. */
  suggestTags?: (type: TicketType, section: string) => readonly string[];
  /** The title of the form; the default is "New ticket". */
  heading?: string;
}

/** Submit a ticket: type, priority, section, formatted description, files, environment, tags. */
export function TicketSubmissionForm({
  onSubmitted,
  onOpenTicket,
  defaultValues,
  environment,
  suggestTags: suggest,
  heading = 'New ticket',
}: TicketSubmissionFormProps): ReactNode {
  const { sections, appVersion } = useTickets();
  const id = useId();
  const root = useRef<HTMLFormElement>(null);
  const initial = useMemo<NewTicket>(
    () => ({
      title: '',
      description: '',
      ticket_type: 'bug',
      priority: 'medium',
      application_section: '',
      environment_info: { ...detectEnvironment(), ...environment },
      tags: [],
      ...(appVersion === undefined ? {} : { centcom_version: appVersion }),
      ...defaultValues,
    }),
    [],
  );
  const form = useTicketForm(initial, onSubmitted);
  const { ticket, change, problems, outcome } = form;

  async function onSubmit(event: FormEvent): Promise<void> {
    event.preventDefault();
    if (form.isBusy || form.blockedUntil) return;
    if (!(await form.submit())) {
      requestAnimationFrame(() => {
        root.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
      });
    }
  }

  if (outcome?.kind === 'created') {
    return <Created outcome={outcome} form={form} onOpenTicket={onOpenTicket} />;
  }
  const text = (name: 'plugin_name' | 'steps_to_reproduce' | 'expected_behavior' | 'actual_behavior') => ({
    value: ticket[name] ?? '',
    onChange: (value: string) => change({ [name]: value }),
  });
  return (
    <form
      ref={root}
      className="tk-panel tk-form"
      aria-labelledby={`${id}-heading`}
      noValidate
      onSubmit={(event) => void onSubmit(event)}
    >
      <h2 className="tk-heading" id={`${id}-heading`}>
        {heading}
      </h2>
      <DraftList
        drafts={form.drafts}
        onContinue={(draft) => void form.continueDraft(draft)}
        onDiscard={form.discardDraft}
      />
      <TypeChoice value={ticket.ticket_type} onChange={(value) => change({ ticket_type: value })} />
      <TextField
        label="Title"
        isRequired
        maxLength={MAX_TITLE_LENGTH}
        placeholder="What is it about, in one line?"
        value={ticket.title}
        error={problems.title}
        onChange={(title) => change({ title })}
        onBlur={() => form.markVisited('title')}
      />
      <div className="tk-columns">
        {sections.length > 0 ? (
          <SelectField
            label="Section"
            isRequired
            empty="Choose a section"
            options={sections}
            value={ticket.application_section}
            error={problems.application_section}
            onChange={(value) => change({ application_section: value })}
            onBlur={() => form.markVisited('application_section')}
          />
        ) : (
          <TextField
            label="Section"
            isRequired
            maxLength={120}
            value={ticket.application_section}
            error={problems.application_section}
            onChange={(value) => change({ application_section: value })}
            onBlur={() => form.markVisited('application_section')}
          />
        )}
        <SelectField
          label="Priority"
          options={optionsOf(PRIORITY_CHOICES)}
          value={ticket.priority ?? 'medium'}
          hint={PRIORITY_DESCRIPTIONS[ticket.priority ?? 'medium']}
          onChange={(value) => change({ priority: value as Priority })}
        />
      </div>
      <MarkdownEditor
        label="Description"
        isRequired
        rows={7}
        maxLength={MAX_TEXT_LENGTH}
        placeholder="What happened, and what did you want to do?"
        value={ticket.description}
        error={problems.description}
        onChange={(description) => change({ description })}
        onBlur={() => form.markVisited('description')}
      />
      {ticket.ticket_type === 'bug' && (
        <fieldset className="tk-group">
          <legend className="tk-legend">About the bug</legend>
          <TextField
            label="Steps to reproduce"
            rows={3}
            placeholder={'1. Open ...\n2. Click ...'}
            {...text('steps_to_reproduce')}
          />
          <div className="tk-columns">
            <TextField label="Expected behavior" rows={2} {...text('expected_behavior')} />
            <TextField label="Actual behavior" rows={2} {...text('actual_behavior')} />
          </div>
          <div className="tk-columns">
            <SelectField
              label="How often does it happen?"
              empty="Not known"
              options={optionsOf(REPRODUCTION_LABELS)}
              value={ticket.reproduction_rate ?? ''}
              onChange={(value) => change({ reproduction_rate: value as 'always' })}
            />
            <SelectField
              label="Severity"
              options={optionsOf(SEVERITY_LABELS)}
              value={ticket.severity ?? 'minor'}
              onChange={(value) => change({ severity: value as 'minor' })}
            />
          </div>
        </fieldset>
      )}
      <TextField
        label="Plugin"
        maxLength={200}
        hint="If a plugin is involved"
        {...text('plugin_name')}
      />
      <TagField form={form} suggest={suggest} />
      <FilePicker label="Files" uploads={form.uploads} isDisabled={form.isBusy} />
      {form.missingFiles.length > 0 && (
        <p className="tk-hint">Choose the files of this draft again: {form.missingFiles.join(', ')}</p>
      )}
      <EnvironmentField
        value={(ticket.environment_info ?? {}) as Environment}
        onChange={(environment_info) => change({ environment_info })}
      />
      <Result outcome={outcome} />
      <div className="tk-actions">
        <SubmissionLimit blockedUntil={form.blockedUntil} />
        <button type="button" className="tk-button" disabled={form.isBusy} onClick={form.saveDraft}>
          Save draft
        </button>
        <button
          type="submit"
          className="tk-button"
          data-primary=""
          aria-disabled={form.isBusy || form.blockedUntil !== undefined}
        >
          {form.isBusy ? 'Submitting ...' : 'Submit ticket'}
        </button>
      </div>
    </form>
  );
}

function TypeChoice({
  value,
  onChange,
}: {
  value: TicketType;
  onChange: (value: TicketType) => void;
}): ReactNode {
  const name = useId();
  return (
    <fieldset className="tk-types">
      <legend className="tk-label">Type</legend>
      {keysOf(TYPE_LABELS).map((type) => (
        <label key={type} className="tk-type">
          <input
            type="radio"
            name={name}
            value={type}
            checked={type === value}
            onChange={() => onChange(type)}
          />
          <span>
            <span className="tk-type-name">{TYPE_LABELS[type]}</span>
            <span className="tk-hint">{TYPE_DESCRIPTIONS[type]}</span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}

/** The tags; one's own tickets are read once, for the suggestions. */
function TagField({
  form,
  suggest,
}: {
  form: TicketForm;
  suggest: TicketSubmissionFormProps['suggestTags'];
}): ReactNode {
  const { client } = useTickets();
  const load = useCallback(
    async () => (suggest ? [] : (await client.getMyTickets({ limit: 100 })).tickets),
    [client, suggest],
  );
  const { data: tickets = [] } = usePolling(load, 0);
  const { ticket_type: type, application_section: section, tags = [] } = form.ticket;
  return (
    <TagInput
      value={tags}
      onChange={(changed) => form.change({ tags: changed })}
      suggestions={suggest ? suggest(type, section) : suggestTags(type, section, tickets)}
    />
  );
}

function EnvironmentField({
  value,
  onChange,
}: {
  value: Environment;
  onChange: (value: Environment) => void;
}): ReactNode {
  const names = Object.keys(value);
  return (
    <details className="tk-disclosure">
      <summary>
        Environment
        <span className="tk-hint"> {names.length} facts, filled in for you</span>
      </summary>
      <div className="tk-environment">
        {names.map((name) => (
          <TextField
            key={name}
            label={environmentLabel(name)}
            value={String(value[name])}
            onChange={(changed) => onChange({ ...value, [name]: changed })}
          />
        ))}
      </div>
      <button type="button" className="tk-button" onClick={() => onChange({})}>
        Do not send the environment
      </button>
    </details>
  );
}

/** How many more tickets may be submitted, as far as the help desk limits that. */
function SubmissionLimit({ blockedUntil }: { blockedUntil: Date | undefined }): ReactNode {
  const { client, pollInterval } = useTickets();
  const load = useCallback(async () => (await client.getSummary()).submissions, [client]);
  const { data: limit } = usePolling(load, pollInterval && Math.max(pollInterval, 60_000));
  let text = '';
  if (blockedUntil) text = `You can submit the next ticket at ${formatTime(blockedUntil)}.`;
  else if (limit?.remaining === 0) {
    text = `You have submitted ${limit.limit} tickets within an hour; the next at ${formatTime(limit.resets_at)}.`;
  } else if (limit) text = `You can submit ${limit.remaining} more tickets this hour.`;
  return (
    <p className="tk-hint tk-limit" role="status">
      {text}
    </p>
  );
}
