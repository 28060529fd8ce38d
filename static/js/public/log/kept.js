// What was downloaded for a check is kept on this device, so that it can be worked out again
// without network. A kept answer is never taken where the server gave another.

const CACHE = "opened-proofs";
/** So many answers are kept, those fetched last. */
const MOST = 60;

async function keep(address, answer) {
  const cache = await caches.open(CACHE);
  await cache.delete(address);
  await cache.put(address, answer);
  for (const old of (await cache.keys()).slice(0, -MOST)) await cache.delete(old);
}

/**
 * The server's answer as {answer, isKept: false}; without network what was kept of it last.
 * Rejects as `fetch` does where there is neither.
 */
export async function fetchedOrKept(address) {
  let answer;
  try {
    answer = await fetch(address, { credentials: "omit", cache: "no-store" });
  } catch (lost) {
    const kept = await globalThis.caches?.match(address, { cacheName: CACHE }).catch(() => null);
    if (!kept) throw lost;
    return { answer: kept, isKept: true };
  }
  if (answer.ok && globalThis.caches) await keep(address, answer.clone()).catch(() => {});
  return { answer, isKept: false };
}
