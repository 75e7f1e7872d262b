/** Asks the server for suggestions, a moment after the last key; an older answer is dropped. */

export interface Suggestion {
  value: string;
  label: string;
  detail?: string;
  /** What is inserted, if that is not the value; it is shown beside the list. */
  text?: string;
}

const DELAY_MS = 120;

export class Lookup {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private request: AbortController | undefined;

  /** Passes the suggestions for an address to `offer`; none if the server cannot answer. */
  ask(url: string, offer: (found: readonly Suggestion[]) => void): void {
    this.cancel();
    const request = new AbortController();
    this.request = request;
    this.timer = setTimeout(() => {
      fetch(url, { signal: request.signal, headers: { Accept: "application/json" } })
        .then((response) => (response.ok ? response.json() : { suggestions: [] }))
        .then((answer: { suggestions: Suggestion[] }) => { if (!request.signal.aborted) offer(answer.suggestions); })
        .catch(() => { if (!request.signal.aborted) offer([]); });
    }, DELAY_MS);
  }

  cancel(): void {
    clearTimeout(this.timer);
    this.request?.abort();
  }
}
