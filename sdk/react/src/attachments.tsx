'use client';
/** The files of a ticket: downloads, and more to upload. */

import { useEffect, useState, type ReactNode } from 'react';

import type { ListedAttachment } from './client/centcom.js';
import { Notice } from './fields.js';
import { FilePicker } from './filePicker.js';
import { Icon } from './icons.js';
import { ATTACHMENT_LABELS, formatBytes } from './labels.js';
import { messageOf } from './messages.js';
import { useTickets } from './provider.js';
import { useUploads } from './uploads.js';

export interface AttachmentListProps {
  ticketId: string;
  attachments: readonly ListedAttachment[];
  /** Called when files were added. */
  onChanged: () => Promise<void>;
}

/** The files, each with a download, and a drop zone for more. */
export function AttachmentList({ ticketId, attachments, onChanged }: AttachmentListProps): ReactNode {
  const { client } = useTickets();
  const uploads = useUploads();
  const [error, setError] = useState<string>();
  const [isUploading, setIsUploading] = useState(false);
  const canUpload = uploads.files.some(({ state }) => state === 'chosen' || state === 'failed');

  async function download(attachment: ListedAttachment): Promise<void> {
    setError(undefined);
    try {
      const content = await (await client.downloadAttachment(attachment.id)).blob();
      const link = document.createElement('a');
      link.href = URL.createObjectURL(content);
      link.download = attachment.original_filename;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
    } catch (failure) {
      setError(messageOf(failure));
    }
  }

  async function upload(): Promise<void> {
    setIsUploading(true);
    const failures = await uploads.upload(ticketId);
    setIsUploading(false);
    if (failures === 0) uploads.clear();
    await onChanged();
  }

  return (
    <div className="tk-attachments">
      <ul className="tk-files" aria-label="Files">
        {attachments.map((attachment) => (
          <li key={attachment.id} className="tk-file">
            <Thumbnail attachment={attachment} />
            <span className="tk-file-text">
              <span className="tk-file-name">{attachment.original_filename}</span>
              <span className="tk-hint">
                {ATTACHMENT_LABELS[attachment.attachment_type]} · {formatBytes(attachment.file_size)}
                {attachment.scan_status === 'pending' && ' · Being scanned'}
              </span>
            </span>
            {attachment.scan_status === 'clean' && (
              <button
                type="button"
                className="tk-icon-button"
                aria-label={`Download ${attachment.original_filename}`}
                onClick={() => void download(attachment)}
              >
                <Icon name="download" />
              </button>
            )}
          </li>
        ))}
      </ul>
      {error && <Notice kind="danger">{error}</Notice>}
      <FilePicker label="Add files" uploads={uploads} isDisabled={isUploading} />
      {canUpload && (
        <button
          type="button"
          className="tk-button"
          data-primary=""
          aria-disabled={isUploading}
          onClick={() => void (isUploading || upload())}
        >
          {isUploading ? 'Uploading ...' : 'Upload'}
        </button>
      )}
    </div>
  );
}

const MAX_THUMBNAIL_BYTES = 2 * 1024 * 1024;

/** A small picture of an image, an icon for other files. */
function Thumbnail({ attachment }: { attachment: ListedAttachment }): ReactNode {
  const { client } = useTickets();
  const [address, setAddress] = useState<string>();
  const { id, original_filename: name, file_size: size, scan_status: status } = attachment;
  const isShown =
    attachment.mime_type.startsWith('image/') && status === 'clean' && size <= MAX_THUMBNAIL_BYTES;

  useEffect(() => {
    if (!isShown) return undefined;
    let isGone = false;
    let created: string | undefined;
    client
      .downloadAttachment(id)
      .then((download) => download.blob())
      .then((content) => {
        if (isGone) return;
        created = URL.createObjectURL(content);
        setAddress(created);
      })
      .catch(() => undefined);
    return () => {
      isGone = true;
      if (created) URL.revokeObjectURL(created);
    };
  }, [client, id, isShown]);

  if (address) return <img className="tk-file-preview" src={address} alt={`Preview of ${name}`} />;
  return (
    <span className="tk-file-preview">
      <Icon name="file" />
    </span>
  );
}
