/** Reads and writes tags as a form submits them: one text, separated by commas. */

export const parseTags = (text: string): string[] => text.split(",").map((tag) => tag.trim()).filter(Boolean);

export const joinTags = (tags: readonly string[]): string => tags.join(",");

export const normalize = (tag: string): string => tag.toLowerCase().replace(/\s+/g, "-");

/** Returns the tags with those in `text` added, without duplicates and `limit` at most. */
export const addTags = (tags: readonly string[], text: string, limit: number): string[] =>
  [...new Set([...tags, ...parseTags(text).map(normalize)])].slice(0, limit);
