/** Decides which files can be uploaded and which pastes are files. The server checks again. */
import { TEXTS } from "../texts/texts.ts";

const T = TEXTS.upload;
export const DEFAULT_MAX_BYTES = 10 * 1024 ** 2;
const IMAGE_TYPES = new Set(["image/png", "image/jpeg", "image/gif", "image/webp"]);

export interface FileFacts { name: string; size: number }

export function formatSize(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  if (bytes < 1024 ** 2) return `${Math.round(bytes / 1024)} KB`;
  return `${(bytes / 1024 ** 2).toFixed(1)} MB`;
}

/** Returns the extension of a file name: ".png" for "Picture.PNG"; empty without one. */
export function extensionOf(name: string): string {
  const dot = name.lastIndexOf(".");
  return dot > 0 ? name.slice(dot).toLowerCase() : "";
}

export const isImage = (file: { type: string }): boolean => IMAGE_TYPES.has(file.type);

/** Returns why a file cannot be uploaded; empty if it can. `types` are extensions (".png,.pdf"), all if empty. */
export function findProblem(file: FileFacts, maxBytes: number, types: string): string {
  if (file.size > maxBytes) return T.tooLarge(formatSize(file.size), formatSize(maxBytes));
  if (!file.size) return T.empty;
  const allowed = types.split(",").map((type) => type.trim()).filter(Boolean);
  const extension = extensionOf(file.name);
  return allowed.length && !allowed.includes(extension) ? T.wrongType(extension) : "";
}

/** Returns whether a paste is of files. A table or paragraph is copied together with a picture of it, but
 * its text is meant. The text that a file manager copies consists of the names of the files. */
export function isFilePaste(files: readonly FileFacts[], text: string): boolean {
  if (!files.length) return false;
  const lines = text.trim().split(/\r?\n/).filter(Boolean);
  return lines.every((line) => files.some((file) => line.endsWith(file.name)));
}

/** Names a pasted screenshot by its time, because it has no name of its own. */
export function nameScreenshot(file: File, now = new Date()): File {
  if (file.type !== "image/png" || (file.name && file.name !== "image.png")) return file;
  const at = now.toISOString().slice(0, 19).replace(/[:T]/g, "-");
  return new File([file], `screenshot-${at}.png`, { type: file.type });
}
