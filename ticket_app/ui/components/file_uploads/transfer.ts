/** Sends one file to the server. */
import { reportUnreachable } from "../failure_reports/reports.ts";
import { TEXTS } from "../texts/texts.ts";

export interface Transfer {
  url: string;
  fields: Record<string, string>;
  file: File;
  onProgress: (sent: number, total: number) => void;
}
export type Outcome = { isDone: true } | { isDone: false; problem: string; canRetry: boolean };

/** Posts the file as multipart data; the response is `{success, attachment}` or `{success: false, error}`. */
export function sendFile({ url, fields, file, onProgress }: Transfer, signal: AbortSignal): Promise<Outcome> {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  form.append("file", file, file.name);
  return new Promise((resolve) => {
    // fetch() does not report the progress of an upload.
    const request = new XMLHttpRequest();
    signal.addEventListener("abort", () => request.abort());
    request.open("POST", url);
    request.setRequestHeader("Accept", "application/json");
    request.upload.addEventListener("progress", ({ lengthComputable, loaded, total }) => {
      if (lengthComputable) onProgress(loaded, total);
    });
    request.addEventListener("load", () => resolve(readAnswer(request.status, request.responseText)));
    request.addEventListener("error", () => reportUnreachable("upload"));
    request.addEventListener("loadend", () => resolve({ isDone: false, problem: TEXTS.upload.unreachable, canRetry: true }));
    request.send(form);
  });
}

export function readAnswer(status: number, body: string): Outcome {
  let answer: { success?: boolean; attachment?: unknown; error?: string } = {};
  try { answer = JSON.parse(body); } catch { /* reported below */ }
  if (status < 400 && answer.success !== false && answer.attachment) return { isDone: true };
  return { isDone: false, problem: answer.error || TEXTS.upload.refused(status), canRetry: status >= 500 || status === 429 };
}
