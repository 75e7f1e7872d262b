/** The rules of the form, checked while a person types; the help desk checks them again. */

import type { NewTicket } from './client/centcom.js';

export const MAX_TITLE_LENGTH = 500;
export const MAX_TEXT_LENGTH = 50_000;

export type FormField = 'title' | 'application_section' | 'description';
export type Problems = Partial<Record<FormField, string>>;

/** Return what is wrong with each field. */
export function findProblems(ticket: NewTicket): Problems {
  const problems: Problems = {};
  const title = ticket.title.trim();
  const description = ticket.description.trim();
  if (!title) problems.title = 'Enter a title.';
  else if (title.length > MAX_TITLE_LENGTH) {
    problems.title = `Use at most ${MAX_TITLE_LENGTH} characters; there are ${title.length}.`;
  }
  if (!ticket.application_section.trim()) problems.application_section = 'Choose a section.';
  if (!description) problems.description = 'Enter a description.';
  else if (description.length > MAX_TEXT_LENGTH) {
    problems.description = `Use at most ${MAX_TEXT_LENGTH} characters; there are ${description.length}.`;
  }
  return problems;
}
