/** The requests of the components: with a current token, and with the progress of uploads. */

/** Return an access token. `isRejected` is true if the last one no longer works. */
export type GetAccessToken = (request: { isRejected: boolean }) => string | Promise<string>;

type Fetch = typeof fetch;

/**
 * Return a `fetch` that sends a current access token.
 *
 * After a 401 it asks for another token and sends the request once more. Concurrent requests share
 * one token and one renewal.
 */
export function authorizedFetch(getAccessToken: GetAccessToken, send: Fetch = fetchGlobally): Fetch {
  let current: Promise<string> | undefined;

  function token(rejected?: Promise<string>): Promise<string> {
    if (current === undefined || current === rejected) {
      const isRejected = rejected !== undefined;
      const requested = Promise.resolve().then(() => getAccessToken({ isRejected }));
      current = requested;
      requested.catch(() => {
        if (current === requested) current = undefined;
      });
    }
    return current;
  }

  return async (input, init = {}) => {
    const used = token();
    const response = await send(input, withToken(init, await used));
    if (response.status !== 401) return response;
    const renewed = token(used);
    if ((await renewed) === (await used)) return response;
    return send(input, withToken(init, await renewed));
  };
}

const fetchGlobally: Fetch = (input, init) => fetch(input, init);

function withToken(init: RequestInit, token: string): RequestInit {
  const headers = new Headers(init.headers);
  headers.set('Authorization', `Bearer ${token}`);
  return { ...init, headers };
}

/** Return a `fetch` for uploads that reports the sent fraction, from 0 to 1. */
export function fetchWithProgress(onProgress: (fraction: number) => void): Fetch {
  return (input, init = {}) =>
    new Promise<Response>((resolve, reject) => {
      const request = new XMLHttpRequest();
      request.open(init.method ?? 'GET', String(input));
      new Headers(init.headers).forEach((value, name) => request.setRequestHeader(name, value));
      request.responseType = 'blob';
      request.upload.onprogress = (event) => {
        if (event.lengthComputable && event.total > 0) onProgress(event.loaded / event.total);
      };
      request.onload = () => resolve(responseOf(request));
      request.onerror = () => reject(new TypeError('the upload was interrupted'));
      request.onabort = () => reject(init.signal?.reason ?? new DOMException('', 'AbortError'));
      init.signal?.addEventListener('abort', () => request.abort());
      request.send(init.body as XMLHttpRequestBodyInit | null);
    });
}

function responseOf(request: XMLHttpRequest): Response {
  const headers = new Headers();
  for (const line of request.getAllResponseHeaders().trim().split(/[\r\n]+/)) {
    const [name, ...value] = line.split(': ');
    if (name) headers.append(name, value.join(': '));
  }
  return new Response(request.response as Blob, { status: request.status, headers });
}
