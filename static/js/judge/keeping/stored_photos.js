// Photos that the server said it holds.
// They are kept a while, for a server that comes back from a backup without them. What waits, and
// marks above all, has the disk before them.

import { answer, inPhotos } from "./photo_store.js";

const NAME = "compete-photos-held";
const MOST = 200;
const LONGEST = 7 * 24 * 3600_000;

/** Go through what the store holds; visit(value, cursor) sees one after another. */
const eachPhoto = (store, visit) => new Promise((resolve, reject) => {
  const request = store.openCursor();
  request.onerror = () => reject(request.error);
  request.onsuccess = () => {
    const cursor = request.result;
    if (!cursor) return resolve();
    visit(cursor.value, cursor);
    cursor.continue();
  };
});

export class StoredPhotos {
  /** Keep one that this generation of the server's data holds. */
  async keep(photo, generation) {
    const row = { ...photo, generation, heldAt: Date.now() };
    await inPhotos(NAME, "readwrite", (store) => answer(store.put(row)))
      .catch(() => { /* the server has it */ });
  }

  /** Drop what is too old, and the oldest of too many. */
  async tidy() {
    await inPhotos(NAME, "readwrite", async (store) => {
      const known = [];
      await eachPhoto(store, ({ uuid, heldAt }) => known.push({ uuid, heldAt }));
      known.sort((a, b) => b.heldAt - a.heldAt);
      const stale = known.filter(({ heldAt }, place) => place >= MOST || Date.now() - heldAt > LONGEST);
      for (const { uuid } of stale) await answer(store.delete(uuid));
    }).catch(() => {});
  }

  /** The judge's photos that only other generations of the server's data were given. */
  async ofOthers(judge, generation) {
    const photos = [];
    await inPhotos(NAME, "readonly", (store) => eachPhoto(store, ({ generation: known, heldAt, ...photo }) => {
      if (photo.judge === judge && known !== generation) photos.push(photo);
    })).catch(() => {});
    return photos;
  }

  async remove(uuid) {
    await inPhotos(NAME, "readwrite", (store) => answer(store.delete(uuid))).catch(() => {});
  }

  /** The disk is full. */
  async clear() {
    await inPhotos(NAME, "readwrite", (store) => answer(store.clear())).catch(() => {});
  }
}
