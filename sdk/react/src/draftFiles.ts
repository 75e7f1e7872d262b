/** The files of drafts, kept in the browser's database (IndexedDB). */

const DATABASE = 'ticket-system';
const STORE = 'files';

/** Run one request on the files; undefined where the browser keeps no databases. */
async function request<T>(
  mode: IDBTransactionMode,
  begin: (files: IDBObjectStore) => IDBRequest<T>,
): Promise<T | undefined> {
  if (typeof indexedDB === 'undefined') return undefined;
  try {
    const database = await opened();
    try {
      return await result(begin(database.transaction(STORE, mode).objectStore(STORE)));
    } finally {
      database.close();
    }
  } catch {
    // A full or forbidden database: the draft then names the files that have to be chosen again.
    return undefined;
  }
}

function opened(): Promise<IDBDatabase> {
  const opening = indexedDB.open(DATABASE, 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore(STORE);
  return result(opening);
}

function result<T>(pending: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    pending.onsuccess = () => resolve(pending.result);
    pending.onerror = () => reject(pending.error);
  });
}

/** Keep these files under a key, instead of those that were. */
export async function saveFiles(key: string, files: readonly File[]): Promise<void> {
  if (files.length > 0) await request('readwrite', (store) => store.put([...files], key));
  else await request('readwrite', (store) => store.delete(key));
}

/** Return the files that are kept under a key. */
export async function readFiles(key: string): Promise<File[]> {
  return (await request<File[] | undefined>('readonly', (store) => store.get(key))) ?? [];
}
