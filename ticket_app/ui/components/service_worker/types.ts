/** The parts of the service worker's environment that the worker uses: TypeScript has them only in a
 * library that excludes the one for pages. */

export interface FinishingEvent extends Event { waitUntil(work: Promise<unknown>): void }
export interface FetchEvent extends FinishingEvent {
  readonly request: Request;
  respondWith(response: Promise<Response>): void;
}
export interface PushEvent extends FinishingEvent { readonly data: { text(): string } | null }
export interface NotificationEvent extends FinishingEvent { readonly notification: Notification }

export interface OpenWindow { readonly url: string; readonly focused: boolean; focus(): Promise<unknown> }
export interface OpenWindows {
  matchAll(options: { type: "window"; includeUncontrolled: boolean }): Promise<readonly OpenWindow[]>;
  openWindow(url: string): Promise<unknown>;
  claim(): Promise<void>;
}

interface WorkerEvents {
  install: FinishingEvent;
  activate: FinishingEvent;
  fetch: FetchEvent;
  push: PushEvent;
  notificationclick: NotificationEvent;
}
export interface WorkerScope {
  readonly caches: CacheStorage;
  readonly clients: OpenWindows;
  readonly location: { readonly origin: string };
  readonly registration: { showNotification(title: string, options: NotificationOptions): Promise<void> };
  skipWaiting(): Promise<void>;
  addEventListener<Name extends keyof WorkerEvents>(name: Name, listener: (event: WorkerEvents[Name]) => void): void;
}
