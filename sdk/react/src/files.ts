/** Which files the help desk accepts; checked here before they are uploaded, and there again. */

import type { AttachmentType } from './client/centcom.js';
import { formatBytes } from './labels.js';

export const MAX_FILE_BYTES = 10 * 1024 * 1024;
export const MAX_FILES = 10;

/** The accepted types, by the ending of the name. */
const TYPES: Record<string, AttachmentType> = {
  jpg: 'screenshot',
  jpeg: 'screenshot',
  png: 'screenshot',
  gif: 'screenshot',
  webp: 'screenshot',
  mp4: 'video',
  webm: 'video',
  log: 'log_file',
  txt: 'log_file',
  pdf: 'document',
  csv: 'document',
  json: 'document',
  md: 'document',
  zip: 'other',
};

/** The endings of accepted names, for `<input accept>`. */
export const ACCEPTED = Object.keys(TYPES)
  .map((ending) => `.${ending}`)
  .join(',');

function ending(file: File): string {
  return /\.([^.]+)$/.exec(file.name)?.[1]?.toLowerCase() ?? '';
}

/** Return what kind of file it is, by its name. */
export function attachmentType(file: File): AttachmentType {
  return TYPES[ending(file)] ?? 'other';
}

/** Return whether a browser can show the file as a picture. */
export function isImage(file: File): boolean {
  return TYPES[ending(file)] === 'screenshot' && file.type.startsWith('image/');
}

/** Return why a file is not accepted. */
export function fileProblem(file: File): string | undefined {
  if (TYPES[ending(file)] === undefined) {
    return 'This type is not accepted. Use an image, MP4, WebM, PDF, text, CSV, JSON or ZIP.';
  }
  if (file.size > MAX_FILE_BYTES) {
    return `The file has ${formatBytes(file.size)}; at most 10 MB are accepted.`;
  }
  if (file.size === 0) return 'The file is empty.';
  return undefined;
}
