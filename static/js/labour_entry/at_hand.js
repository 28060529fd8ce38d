// The grid as it was seen last, beside the kept page, so that it opens without the server too.
// On secure pages alone; signing in or out throws page and grid away (sw.js).

import { keepAtHand } from "../keeping/offline.js";

/** Between two times of keeping all of a grid: what was written meanwhile is in the journal. */
const REST = 1000;

const room = (keeper) => globalThis.caches?.open(`pages-${keeper}`);

/** Keep the page, and the grid with each change of it. */
export function keepGrid(keeper, url, model) {
  if (!globalThis.isSecureContext || !navigator.serviceWorker) return;
  let busy = false;
  let changed = false;
  const keep = async () => {
    changed = true;
    // Where the page itself is not kept, nobody would throw the grid away.
    if (busy || !navigator.serviceWorker.controller) return;
    busy = true;
    while (changed) {
      changed = false;
      const body = new Blob([JSON.stringify(model)], { type: "application/json" });
      await room(keeper).then((kept) => kept.put(url, new Response(body))).catch(() => {});
      await new Promise((resolve) => { setTimeout(resolve, REST); });
    }
    busy = false;
  };
  model.addEventListener("change", keep);
  navigator.serviceWorker.addEventListener("controllerchange", keep);
  keepAtHand({}, location.pathname + location.search).then(keep);
}

/** The grid that was kept, or null. */
export async function keptGrid(keeper, url) {
  const reply = await (await room(keeper))?.match(url);
  return reply ? reply.json() : null;
}
