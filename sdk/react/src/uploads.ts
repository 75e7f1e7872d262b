'use client';
/** The files that a person has chosen, and their way to the help desk. */

import { useCallback, useEffect, useRef, useState } from 'react';

import { attachmentType, fileProblem, isImage, MAX_FILES } from './files.js';
import { messageOf } from './messages.js';
import { useTickets } from './provider.js';

export interface ChosenFile {
  id: number;
  file: File;
  /** The address of a preview, if it is a picture. */
  preview?: string;
  /** `invalid` files are not uploaded; `failed` ones can be uploaded again. */
  state: 'chosen' | 'invalid' | 'uploading' | 'uploaded' | 'failed';
  /** The sent fraction, from 0 to 1. */
  progress: number;
  problem?: string;
}

export interface Uploads {
  files: ChosenFile[];
  add: (files: Iterable<File>) => void;
  remove: (id: number) => void;
  clear: () => void;
  /** Upload what is not uploaded yet; return how many files failed. */
  upload: (ticketId: string) => Promise<number>;
}

/** Keep chosen files, check them, and upload them one after the other. */
export function useUploads(): Uploads {
  const { uploadClient } = useTickets();
  const [files, setFiles] = useState<ChosenFile[]>([]);
  const latest = useRef(files);
  latest.current = files;
  const nextId = useRef(1);

  const update = useCallback((change: (files: ChosenFile[]) => ChosenFile[]) => {
    latest.current = change(latest.current);
    setFiles(latest.current);
  }, []);

  const add = useCallback(
    (chosen: Iterable<File>) => {
      update((before) => {
        const added = [...chosen].map((file, n): ChosenFile => {
          const isTooMany = before.length + n >= MAX_FILES;
          const problem = isTooMany ? `At most ${MAX_FILES} files at once.` : fileProblem(file);
          return {
            id: nextId.current++,
            file,
            progress: 0,
            state: problem === undefined ? 'chosen' : 'invalid',
            ...(problem === undefined ? {} : { problem }),
            ...(isImage(file) && !problem ? { preview: URL.createObjectURL(file) } : {}),
          };
        });
        return [...before, ...added];
      });
    },
    [update],
  );

  const remove = useCallback(
    (id: number) =>
      update((before) => {
        revoke(before.filter((one) => one.id === id));
        return before.filter((one) => one.id !== id);
      }),
    [update],
  );

  const clear = useCallback(
    () =>
      update((before) => {
        revoke(before);
        return [];
      }),
    [update],
  );

  const upload = useCallback(
    async (ticketId: string) => {
      let failures = 0;
      for (const { id, file, state } of latest.current) {
        if (state === 'invalid' || state === 'uploaded') continue;
        const set = (change: Partial<ChosenFile>): void =>
          update((all) => all.map((one) => (one.id === id ? { ...one, ...change } : one)));
        set({ state: 'uploading', progress: 0, problem: '' });
        try {
          const client = uploadClient((progress) => set({ progress }));
          await client.uploadAttachment(ticketId, file, { attachment_type: attachmentType(file) });
          set({ state: 'uploaded', progress: 1 });
        } catch (error) {
          failures += 1;
          set({ state: 'failed', problem: messageOf(error) });
        }
      }
      return failures;
    },
    [update, uploadClient],
  );

  useEffect(() => () => revoke(latest.current), []);
  return { files, add, remove, clear, upload };
}

function revoke(files: ChosenFile[]): void {
  for (const { preview } of files) if (preview) URL.revokeObjectURL(preview);
}
