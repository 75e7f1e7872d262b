/** Warnings about a text before it is sent. */
import { firstVariable } from "../suggestions/saved_replies.ts";
import { TEXTS } from "../texts/texts.ts";

export type Audience = "reply" | "note";
export interface Warning {
  text: string;
  isError: boolean;
  /** Whether the text has a variable that is still to be filled in. */
  hasVariable?: boolean;
}
export const NO_WARNING: Warning = { text: "", isError: false };

const MENTION = /(?:^|\s)(@[\w.-]{2,})/;

export const emptyText = (audience: Audience): Warning =>
  ({ text: audience === "note" ? TEXTS.composer.emptyNote : TEXTS.composer.emptyReply, isError: true });

/** A variable without a value blocks sending; a public reply that mentions a colleague (@name) may have been meant as an internal note. */
export function warnAbout(text: string, audience: Audience): Warning {
  const found = firstVariable(text);
  if (found) return { text: TEXTS.composer.toFillIn(found.variable), isError: false, hasVariable: true };
  const name = audience === "reply" ? MENTION.exec(text)?.[1] : undefined;
  return name ? { text: TEXTS.composer.mention(name), isError: false } : NO_WARNING;
}
