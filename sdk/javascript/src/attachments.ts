/** File Attachments. */

import type { Attachment, NewAttachment } from './models.js';
import type { Page } from './page.js';
import { type Download, queryParams, Resource, pathSegment } from './resource.js';

/** The file extension for a Blob without a name, by its type. */
const EXTENSIONS: Record<string, string> = {
  'image/jpeg': '.jpg',
  'image/png': '.png',
  'image/gif': '.gif',
  'image/webp': '.webp',
  'video/mp4': '.mp4',
  'video/webm': '.webm',
  'application/pdf': '.pdf',
  'application/json': '.json',
  'application/zip': '.zip',
  'text/csv': '.csv',
  'text/plain': '.txt',
};

/** The files of tickets. */
export class Attachments extends Resource {
  /**
   * Upload a file.
   *
   * Throws `ValidationError` if the server does not accept the file, `NotFound`.
   */
  async upload(ticketId: number | string, attachment: NewAttachment): Promise<Attachment> {
    const form = new FormData();
    form.append('file', attachment.file, nameOf(attachment));
    if (attachment.description !== undefined) form.append('description', attachment.description);
    form.append('is_internal', String(attachment.is_internal ?? false));
    const path = `/attachments/ticket/${pathSegment(ticketId)}/upload`;
    return this.one({ method: 'POST', path, form });
  }

  /** Return a page of a ticket's files. Throws `NotFound`. */
  async list(
    ticketId: number | string,
    options: { page?: number; size?: number } = {},
  ): Promise<Page<Attachment>> {
    const path = `/attachments/ticket/${pathSegment(ticketId)}`;
    return this.page({ method: 'GET', path, params: queryParams(options) });
  }

  /** Return the metadata of a file. Throws `NotFound`. */
  async get(id: number): Promise<Attachment> {
    return this.one({ method: 'GET', path: `/attachments/${pathSegment(id)}` });
  }

  /** Download a file. Throws `NotFound`. */
  async download(id: number): Promise<Download> {
    return this.file({ method: 'GET', path: `/attachments/${pathSegment(id)}/download` });
  }

  /** Delete a file. Throws `PermissionDenied`, `NotFound`. */
  async delete(id: number): Promise<void> {
    await this.send({ method: 'DELETE', path: `/attachments/${pathSegment(id)}` });
  }
}

function nameOf({ file, filename }: NewAttachment): string {
  const own = filename ?? (file as Partial<File>).name;
  const [type = ''] = file.type.split(';');
  return own ?? `file${EXTENSIONS[type.trim()] ?? ''}`;
}
