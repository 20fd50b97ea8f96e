import type { KeptList, ListStorage } from './keptLists.ts';

const DATABASE = 'lumiscope.lists';
const STORE = 'lists';

/** Lists in the browser's database: event numbers as the typed arrays that they are. */
export const browserLists: ListStorage = {
  all: () => request('readonly', (store) => store.getAll() as IDBRequest<KeptList[]>),
  put: async (list) => void (await request('readwrite', (store) => store.put(list))),
  remove: async (name) => void (await request('readwrite', (store) => store.delete(name))),
};

let opened: Promise<IDBDatabase> | undefined;

function open(): Promise<IDBDatabase> {
  opened ??= new Promise((resolve, reject) => {
    const asked = indexedDB.open(DATABASE, 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(STORE, { keyPath: 'name' });
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
    asked.onblocked = () => reject(new Error('another tab holds the database'));
  });
  return opened;
}

async function request<T>(mode: IDBTransactionMode, ask: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const database = await open();
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(STORE, mode);
    const asked = ask(transaction.objectStore(STORE));
    // What was written lasts once the transaction is complete, not before.
    transaction.oncomplete = () => resolve(asked.result);
    transaction.onabort = () => reject(transaction.error ?? asked.error);
  });
}
