'use client';
/** Chooses files, also by drag and drop, and shows their previews and progress. */

import { useId, useRef, useState, type ClipboardEvent, type DragEvent, type ReactNode } from 'react';

import { ACCEPTED } from './files.js';
import { Icon } from './icons.js';
import { formatBytes } from './labels.js';
import type { ChosenFile, Uploads } from './uploads.js';

export interface FilePickerProps {
  label: string;
  uploads: Uploads;
  isDisabled?: boolean;
}

/** A drop zone with the list of chosen files. */
export function FilePicker({ label, uploads, isDisabled = false }: FilePickerProps): ReactNode {
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const [isOver, setIsOver] = useState(false);

  function onDrag(event: DragEvent): void {
    event.preventDefault();
    setIsOver(event.type === 'dragover' && !isDisabled);
  }

  function onDrop(event: DragEvent): void {
    onDrag(event);
    if (!isDisabled) uploads.add(event.dataTransfer.files);
  }

  function onPaste(event: ClipboardEvent): void {
    if (event.clipboardData.files.length > 0 && !isDisabled) uploads.add(event.clipboardData.files);
  }

  return (
    <div className="tk-field" onPaste={onPaste}>
      <label className="tk-label" htmlFor={id}>
        {label}
      </label>
      <div
        className="tk-drop"
        data-over={isOver ? '' : undefined}
        onDragOver={onDrag}
        onDragLeave={onDrag}
        onDrop={onDrop}
      >
        <Icon name="upload" />
        <span>
          Drop files here, or{' '}
          <button
            ref={button}
            type="button"
            className="tk-link"
            disabled={isDisabled}
            onClick={() => input.current?.click()}
          >
            choose files
          </button>
        </span>
        <span className="tk-hint" id={`${id}-hint`}>
          Images, videos, logs and documents, up to 10 MB each
        </span>
        <input
          ref={input}
          id={id}
          className="tk-visually-hidden"
          type="file"
          multiple
          tabIndex={-1}
          accept={ACCEPTED}
          disabled={isDisabled}
          aria-describedby={`${id}-hint`}
          onChange={(event) => {
            uploads.add(event.target.files ?? []);
            event.target.value = '';
          }}
        />
      </div>
      <FileList
        files={uploads.files}
        onRemove={
          isDisabled
            ? undefined
            : (id) => {
                uploads.remove(id);
                button.current?.focus();
              }
        }
      />
    </div>
  );
}

/** The chosen files with their previews, progress and problems. */
export function FileList({
  files,
  onRemove,
}: {
  files: readonly ChosenFile[];
  onRemove?: ((id: number) => void) | undefined;
}): ReactNode {
  return (
    <>
      <ul className="tk-files" aria-label="Selection">
        {files.map((file) => (
          <FileRow key={file.id} chosen={file} onRemove={onRemove && (() => onRemove(file.id))} />
        ))}
      </ul>
      <FileProblems files={files} />
    </>
  );
}

/** Announces problems of files as they occur. */
function FileProblems({ files }: { files: readonly ChosenFile[] }): ReactNode {
  const problems = files.filter((one) => one.problem);
  return (
    <p className="tk-visually-hidden" role="alert">
      {problems.map((one) => `${one.file.name}: ${one.problem}`).join(' ')}
    </p>
  );
}

function FileRow({
  chosen,
  onRemove,
}: {
  chosen: ChosenFile;
  onRemove: (() => void) | undefined;
}): ReactNode {
  const { file, preview, state, progress, problem } = chosen;
  const percent = Math.round(progress * 100);
  return (
    <li className="tk-file" data-state={state}>
      {preview ? (
        <img className="tk-file-preview" src={preview} alt={`Preview of ${file.name}`} />
      ) : (
        <span className="tk-file-preview">
          <Icon name="file" />
        </span>
      )}
      <span className="tk-file-text">
        <span className="tk-file-name">{file.name}</span>
        {problem ? (
          <span className="tk-error">{problem}</span>
        ) : (
          <span className="tk-hint">
            {formatBytes(file.size)}
            {state === 'uploading' && ` · ${percent} %`}
            {state === 'uploaded' && ' · Uploaded'}
          </span>
        )}
        {state === 'uploading' && (
          <progress max={100} value={percent} aria-label={`Upload of ${file.name}`} />
        )}
      </span>
      {state === 'uploaded' ? (
        <Icon name="check" />
      ) : (
        onRemove &&
        state !== 'uploading' && (
          <button
            type="button"
            className="tk-icon-button"
            aria-label={`Remove ${file.name}`}
            onClick={onRemove}
          >
            <Icon name="close" />
          </button>
        )
      )}
    </li>
  );
}
