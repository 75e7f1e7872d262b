/** Uploads files one after another, with progress and retry. */
import { createContext, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState, type RefObject } from "react";
import { CLEARED } from "../dom/fields.ts";
import { debugFailure } from "../failure_reports/reports.ts";
import { TEXTS } from "../texts/texts.ts";
import { addArea } from "./areas.ts";
import { DEFAULT_MAX_BYTES, findProblem, formatSize } from "./rules.ts";
import { sendFile } from "./transfer.ts";

export interface Upload {
  id: number;
  file: File;
  note: string;
  /** From 0 to 1 while the file is uploaded; null if that failed. */
  progress: number | null;
  canRetry: boolean;
}
export interface UploadOptions {
  uploadUrl?: string;
  uploadFields?: Record<string, string>;
  maxBytes?: number;
  types?: string;
  onUploaded?: () => void;
}
export interface Uploads {
  uploads: Upload[];
  add: (files: Iterable<File>) => void;
  retry: (id: number) => void;
  remove: (id: number) => void;
}
export const UploadsContext = createContext<Uploads | null>(null);

let lastId = 0;

/** Uploads files that are dropped on, pasted into or chosen in an element; none without `uploadUrl`.
 *
 * A form that is submitted during an upload waits, and is submitted when the last file is uploaded. If a
 * file fails, the person has to submit again.
 */
export function useUploads(element: RefObject<HTMLElement | null>, options: UploadOptions): Uploads & { isDropping: boolean } {
  const [uploads, setUploads] = useState<Upload[]>([]);
  const [isDropping, setDropping] = useState(false);
  const latest = useRef(options);
  useEffect(() => { latest.current = options; });
  const running = useRef(new Map<number, AbortController>());
  const queue = useRef<Promise<unknown>>(Promise.resolve());
  const isSubmitWaiting = useRef(false);
  const files = useRef(new Map<number, File>());

  const change = useCallback((id: number, changes: Partial<Upload>) => {
    setUploads((all) => all.map((one) => (one.id === id ? { ...one, ...changes } : one)));
  }, []);

  const end = useCallback((id: number, isDone: boolean) => {
    running.current.delete(id);
    if (!isSubmitWaiting.current) return;
    if (!isDone) isSubmitWaiting.current = false;
    else if (running.current.size === 0) {
      isSubmitWaiting.current = false;
      element.current?.closest("form")?.requestSubmit();
    }
  }, [element]);

  const start = useCallback((id: number) => {
    const file = files.current.get(id);
    if (!file) return;
    const controller = new AbortController();
    running.current.set(id, controller);
    change(id, { note: TEXTS.upload.waiting, progress: 0, canRetry: false });
    // Uploaded one after another, so that the server gets the files in the order of choice.
    queue.current = queue.current.then(async () => {
      if (controller.signal.aborted) return;
      const { uploadUrl = "", uploadFields = {}, onUploaded } = latest.current;
      const outcome = await sendFile({
        url: uploadUrl, fields: uploadFields, file,
        onProgress: (sent, total) => change(id, {
          progress: sent / total,
          note: sent < total ? TEXTS.upload.progress(formatSize(sent), formatSize(total)) : TEXTS.upload.checking,
        }),
      }, controller.signal);
      if (controller.signal.aborted) return;
      if (outcome.isDone) {
        files.current.delete(id);
        setUploads((all) => all.filter((one) => one.id !== id));
        onUploaded?.();
      } else {
        debugFailure("upload failed:", outcome.problem);
        change(id, { note: outcome.problem, progress: null, canRetry: outcome.canRetry });
      }
      end(id, outcome.isDone);
    });
  }, [change, end]);

  const add = useCallback((added: Iterable<File>) => {
    const { maxBytes = DEFAULT_MAX_BYTES, types = "" } = latest.current;
    for (const file of added) {
      const id = ++lastId;
      const problem = findProblem(file, maxBytes, types);
      files.current.set(id, file);
      setUploads((all) => [...all, { id, file, note: problem, progress: null, canRetry: false }]);
      if (!problem) start(id);
    }
  }, [start]);

  const remove = useCallback((id: number) => {
    running.current.get(id)?.abort();
    files.current.delete(id);
    setUploads((all) => all.filter((one) => one.id !== id));
    end(id, true);
  }, [end]);

  const isEnabled = Boolean(options.uploadUrl);
  // A layout effect of a child runs before those of the form: this listener must see a submit first.
  useLayoutEffect(() => {
    const area = element.current;
    const form = area?.closest("form");
    if (!isEnabled || !area) return undefined;
    const removeArea = addArea({ element: area, add, setDropping });
    const onSubmit = (event: Event) => {
      if (running.current.size === 0) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      isSubmitWaiting.current = true;
    };
    const onCleared = () => setUploads([]);
    form?.addEventListener("submit", onSubmit, true);
    form?.addEventListener(CLEARED, onCleared);
    return () => {
      removeArea();
      form?.removeEventListener("submit", onSubmit, true);
      form?.removeEventListener(CLEARED, onCleared);
    };
  }, [element, isEnabled, add]);

  return useMemo(() => ({ uploads, add, retry: start, remove, isDropping }), [uploads, add, start, remove, isDropping]);
}
