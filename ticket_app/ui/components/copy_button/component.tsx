/** A button that copies a text. */
import type { ComponentProps } from "react";
import { showToast } from "../page_commands/toasts.ts";
import { TEXTS } from "../texts/texts.ts";

interface Props extends ComponentProps<"button"> {
  text: string;
  /** A path of this site whose whole address follows the text. */
  path?: string;
}

export function CopyButton({ text, path, ...props }: Props) {
  const copy = () => {
    const copied = path ? `${text} ${new URL(path, location.origin)}` : text;
    void navigator.clipboard?.writeText(copied).then(() => showToast({ text: TEXTS.copied(copied), seconds: 2 }));
  };
  return <button {...props} type="button" onClick={copy} />;
}
