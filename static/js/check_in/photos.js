// Photos of those on the list, kept on this device beside the list by the service worker, which
// throws them away with it as somebody signs in or out. Without one nothing is kept.

const isPhoto = (path) => /^\/api\/check-in\/[^/]+\/photos\//.test(path);
let busy = false;

/** The addresses of the photos of these people, each once. */
const photosOf = (people) => [...new Set(people.flatMap(({ papers }) => papers.map(({ photo }) => photo)))]
  .filter(Boolean);

/**
 * Bring what the list names, those of the session first, one after another; throw away what it no
 * longer names. Stops where the line is cut, to be called again.
 */
export async function keepPhotos(mark, people, first) {
  if (busy || !navigator.serviceWorker?.controller) return;
  busy = true;
  try {
    const wanted = photosOf([...first, ...people]);
    await forgetOthers(mark, new Set(wanted));
    for (const url of wanted) {
      if (await caches.match(url)) continue;
      const answer = await fetch(url, { headers: { "X-Judge": mark } });
      if (!answer.ok && answer.status !== 404) break;
    }
  } catch { /* cut off: the next call goes on */ } finally {
    busy = false;
  }
}

async function forgetOthers(mark, wanted) {
  const name = `pages-${mark}`;
  if (!(await caches.has(name))) return;
  const cache = await caches.open(name);
  for (const { url } of await cache.keys()) {
    const { pathname } = new URL(url);
    if (isPhoto(pathname) && !wanted.has(pathname)) await cache.delete(url);
  }
}
