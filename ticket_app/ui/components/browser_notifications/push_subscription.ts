/** The push subscription of this browser: with it, notifications arrive while no tab is open. */

const ADDRESS = "/session/push";
const JSON_HEADERS = { "Content-Type": "application/json" };

/** The service worker's registration, or null where there is none (such as in development). */
export async function workerRegistration(): Promise<ServiceWorkerRegistration | null> {
  return "serviceWorker" in navigator ? ((await navigator.serviceWorker.getRegistration()) ?? null) : null;
}

export async function currentSubscription(): Promise<PushSubscription | null> {
  return (await (await workerRegistration())?.pushManager?.getSubscription()) ?? null;
}

export async function canSubscribe(): Promise<boolean> {
  return Boolean((await workerRegistration())?.pushManager);
}

export function bytesOf(base64url: string): Uint8Array<ArrayBuffer> {
  const text = atob(base64url.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

function hasKey(subscription: PushSubscription, key: Uint8Array): boolean {
  const own = new Uint8Array(subscription.options.applicationServerKey ?? new ArrayBuffer(0));
  return own.length === key.length && own.every((byte, n) => byte === key[n]);
}

async function send(path: string, body: unknown): Promise<void> {
  const answer = await fetch(path, { method: "POST", headers: JSON_HEADERS, body: JSON.stringify(body), keepalive: true });
  if (!answer.ok) throw new Error(`the server answered ${answer.status}`);
}

/** Subscribes this browser for the signed-in person; throws if the browser or the server refuses. */
export async function subscribe(): Promise<void> {
  const manager = (await workerRegistration())?.pushManager;
  if (!manager) throw new Error("no push service");
  const key = bytesOf((await (await fetch(ADDRESS)).json()).key);
  let subscription = await manager.getSubscription();
  if (subscription && !hasKey(subscription, key)) {
    await subscription.unsubscribe();
    subscription = null;
  }
  subscription ??= await manager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
  try {
    await send(ADDRESS, subscription);
  } catch (error) {
    await subscription.unsubscribe();
    throw error;
  }
}

/** Ends the subscription; without the server too, because the push service then rejects its messages. */
export async function unsubscribe(): Promise<void> {
  const subscription = await currentSubscription();
  if (!subscription) return;
  await Promise.allSettled([send(`${ADDRESS}/remove`, { endpoint: subscription.endpoint }), subscription.unsubscribe()]);
}

/** Gives this browser's subscription to the person who is signed in now. */
export async function confirmSubscription(): Promise<void> {
  if (await currentSubscription()) await subscribe();
}
