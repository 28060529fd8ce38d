// Photos that the server does not hold yet, in a database of their own, so that large
// pictures never stand in the way of marks. Where it can't be written, they stay in
// this page's memory.

const NAME = "compete-photos";

export const answer = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});

/** Run work(store) in one transaction on a database of photos; resolves once that is on the disk. */
export async function inPhotos(name, mode, work) {
  const opening = indexedDB.open(name, 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore("photos", { keyPath: "uuid" });
  const database = await answer(opening);
  try {
    const transaction = database.transaction("photos", mode,
      mode === "readwrite" ? { durability: "strict" } : undefined);
    const done = new Promise((resolve, reject) => {
      transaction.oncomplete = resolve;
      transaction.onabort = () => reject(transaction.error ?? new Error("aborted"));
    });
    const [result] = await Promise.all([work(transaction.objectStore("photos")), done]);
    return result;
  } finally {
    database.close();
  }
}

export class PhotoStore {
  #spare = new Map();

  /**
   * All photos of all judges, oldest first: {uuid, judge, sheet, aspect, at, label, picture,
   * reason?, again?}. `again` where the server held it once and may have lost it.
   */
  async all() {
    const kept = await inPhotos(NAME, "readonly", (store) => answer(store.getAll())).catch(() => []);
    return [...kept, ...this.#spare.values()].sort((a, b) => (a.at < b.at ? -1 : 1));
  }

  /** Write one; resolves with whether it is on the disk. */
  async put(photo) {
    try {
      await inPhotos(NAME, "readwrite", (store) => answer(store.put(photo)));
      this.#spare.delete(photo.uuid);
      return true;
    } catch {
      this.#spare.set(photo.uuid, photo);
      return false;
    }
  }

  async remove(uuid) {
    this.#spare.delete(uuid);
    await inPhotos(NAME, "readwrite", (store) => answer(store.delete(uuid))).catch(() => {});
  }
}
