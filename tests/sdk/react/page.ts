/** A document for the components, made before React looks for one, and a help desk that answers them. */

import { Window } from 'happy-dom';

const window = new Window({ url: 'https://app.example/' });
const own = ['navigator', 'Event', 'CustomEvent', 'EventTarget', 'FormData', 'File', 'Blob'];
const missing = Object.getOwnPropertyNames(window).filter((name) => !(name in globalThis));
for (const name of [...missing, ...own, 'localStorage', 'DOMException']) {
  const value = Reflect.get(window, name);
  Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
}
Object.assign(globalThis, {
  IS_REACT_ACT_ENVIRONMENT: true,
  addEventListener: window.addEventListener.bind(window),
  removeEventListener: window.removeEventListener.bind(window),
});
URL.createObjectURL = () => 'blob:preview';
URL.revokeObjectURL = () => undefined;

export interface Sent {
  method: string;
  path: string;
  headers: Headers;
  body: Record<string, unknown>;
}

type Answer = (sent: Sent) => { status?: number; headers?: Record<string, string>; body: unknown };

const BASE = 'https://desk.example/api/tickets';
export const sent: Sent[] = [];
let answers: Record<string, Answer> = {};

/** Answer requests, by method and path; without an answer, the connection fails. */
export function serve(given: Record<string, Answer>): void {
  sent.length = 0;
  answers = given;
}

globalThis.fetch = async (input, init = {}) => {
  const url = String(input);
  const request: Sent = {
    method: init.method ?? 'GET',
    path: url.slice(BASE.length),
    headers: new Headers(init.headers),
    body: typeof init.body === 'string' ? JSON.parse(init.body) : {},
  };
  sent.push(request);
  const answer = answers[`${request.method} ${request.path.split('?')[0]}`];
  if (answer === undefined) throw new TypeError('Failed to fetch');
  const { status = 200, headers = {}, body } = answer(request);
  return new Response(JSON.stringify(body), {
    status,
    headers: { 'Content-Type': 'application/json', ...headers },
  });
};
