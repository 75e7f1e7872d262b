/** File Attachments. */

import type { Attachment, NewAttachment } from './models.js';
import type { Page } from './page.js';
import { type Download, query, Resource, segment } from './resource.js';

/** How a Blob without a name is called, by its type. */
const ENDINGS: Record<string, string> = {
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

/** Files of tickets. */
export class Attachments extends Resource {
  /** Send a file. */
  async upload(ticketId: number | string, attachment: NewAttachment): Promise<Attachment> {
    const form = new FormData();
    form.append('file', attachment.file, nameOf(attachment));
    if (attachment.description !== undefined) form.append('description', attachment.description);
    form.append('is_internal', String(attachment.is_internal ?? false));
    const path = `/attachments/ticket/${segment(ticketId)}/upload`;
    return this.one({ method: 'POST', path, form });
  }

  /** A page of a ticket's files. */
  async list(
    ticketId: number | string,
    options: { page?: number; size?: number } = {},
  ): Promise<Page<Attachment>> {
    const path = `/attachments/ticket/${segment(ticketId)}`;
    return this.page({ method: 'GET', path, params: query(options) });
  }

  /** What is known of a file. */
  async get(id: number): Promise<Attachment> {
    return this.one({ method: 'GET', path: `/attachments/${segment(id)}` });
  }

  /** The file itself. */
  async download(id: number): Promise<Download> {
    return this.file({ method: 'GET', path: `/attachments/${segment(id)}/download` });
  }

  /** Take a file away. */
  async delete(id: number): Promise<void> {
    await this.nothing({ method: 'DELETE', path: `/attachments/${segment(id)}` });
  }
}

function nameOf({ file, filename }: NewAttachment): string {
  const own = filename ?? (file as Partial<File>).name;
  const [type = ''] = file.type.split(';');
  return own ?? `file${ENDINGS[type.trim()] ?? ''}`;
}
