/** Uploads of files that are dropped, pasted or chosen, with their progress. */
import { use, useEffect, useRef, useState, type ChangeEvent, type ComponentProps } from "react";
import { TEXTS } from "../texts/texts.ts";
import { extensionOf, isImage } from "./rules.ts";
import { useUploads, UploadsContext, type Upload, type UploadOptions } from "./uploads.ts";

const T = TEXTS.upload;

export function UploadArea({ uploadUrl, uploadFields, maxBytes, types, onUploaded, children, ...props }: ComponentProps<"div"> & UploadOptions) {
  const area = useRef<HTMLDivElement>(null);
  const uploads = useUploads(area, { uploadUrl, uploadFields, maxBytes, types, onUploaded });
  return (
    <UploadsContext value={uploads}>
      <div {...props} ref={area} data-drop-target={uploads.isDropping || undefined}>{children}</div>
    </UploadsContext>
  );
}

/** The file input of the enclosing upload area. */
export function FilePicker(props: ComponentProps<"input">) {
  const uploads = use(UploadsContext);
  const onChange = (event: ChangeEvent<HTMLInputElement>) => {
    uploads?.add([...(event.target.files ?? [])]);
    event.target.value = "";
  };
  return <input {...props} type="file" multiple onChange={onChange} />;
}

/** The files of the enclosing upload area that are not uploaded yet. */
export function UploadList(props: ComponentProps<"div">) {
  const { uploads = [], retry, remove } = use(UploadsContext) ?? {};
  return (
    <div {...props} className="file-list" data-upload-list="true">
      {uploads.map((upload) => (
        <UploadTile key={upload.id} upload={upload} onRetry={() => retry?.(upload.id)} onRemove={() => remove?.(upload.id)} />
      ))}
    </div>
  );
}

interface TileProps { upload: Upload; onRetry: () => void; onRemove: () => void }

function UploadTile({ upload: { file, note, progress, canRetry }, onRetry, onRemove }: TileProps) {
  return (
    <div className="file" data-state={progress === null ? "failed" : undefined} data-busy={progress === null ? undefined : ""}>
      <span className="file-icon">{isImage(file) ? <Preview file={file} /> : extensionOf(file.name).slice(1, 5) || "file"}</span>
      <span style={{ minWidth: 0 }}>
        <span className="file-name truncate" title={file.name} dir="auto">{file.name}</span>
        <span className="file-details">{note}</span>
      </span>
      <span>
        {canRetry && (
          <button type="button" className="icon-button small" title={T.retry} aria-label={T.retryFile(file.name)} onClick={onRetry}>↵</button>
        )}
        <button type="button" className="icon-button small" aria-label={T.remove(file.name)} onClick={onRemove}>×</button>
      </span>
      {progress !== null && <progress max={1} value={progress} aria-label={T.uploading(file.name)} />}
    </div>
  );
}

function Preview({ file }: { file: File }) {
  const [url, setUrl] = useState("");
  useEffect(() => {
    const made = URL.createObjectURL(file);
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [file]);
  return url ? <img src={url} alt="" /> : null;
}
