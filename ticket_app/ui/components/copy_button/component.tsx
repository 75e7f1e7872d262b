/** A button that copies a text. */
import type { ComponentProps } from "react";
import { showToast } from "../page_commands/toasts.ts";
import { TEXTS } from "../texts/texts.ts";

export function CopyButton({ text, ...props }: ComponentProps<"button"> & { text: string }) {
  const copy = () => {
    void navigator.clipboard?.writeText(text).then(() => showToast({ text: TEXTS.copied(text), seconds: 2 }));
  };
  return <button {...props} type="button" onClick={copy} />;
}
