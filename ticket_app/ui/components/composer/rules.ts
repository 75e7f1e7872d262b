/** Warnings about a text before it is sent. */
import { TEXTS } from "../texts/texts.ts";

export type Audience = "reply" | "note";
export interface Warning { text: string; isError: boolean }
export const NO_WARNING: Warning = { text: "", isError: false };

const MENTION = /(?:^|\s)(@[\w.-]{2,})/;

export const emptyText = (audience: Audience): Warning =>
  ({ text: audience === "note" ? TEXTS.composer.emptyNote : TEXTS.composer.emptyReply, isError: true });

/** A public reply that mentions a colleague (@name) may have been meant as an internal note. */
export function warnAbout(text: string, audience: Audience): Warning {
  const name = audience === "reply" ? MENTION.exec(text)?.[1] : undefined;
  return name ? { text: TEXTS.composer.mention(name), isError: false } : NO_WARNING;
}
