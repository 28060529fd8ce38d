// Does this device trust the site's certificate already? Over plain HTTP a call to the
// secure address says so, unless its warning was clicked away. The secure page knows
// for sure: a browser lets no such page have a service worker.

import { parts, show } from "../shared/dom.js";

const card = document.querySelector("[data-part=trust]");
const { asking, yes, no } = parts(card);
const { address, worker } = card.dataset;

async function trusted() {
  if (location.protocol === "https:") {
    if (!navigator.serviceWorker) return false;
    await navigator.serviceWorker.register(worker, { scope: "/" });
    return true;
  }
  const asked = { mode: "no-cors", cache: "no-store", credentials: "omit" };
  await fetch(`${address}/static/icons/mark.svg`, asked);
  return true;
}

let busy = false;

async function check() {
  if (busy) return;
  busy = true;
  const isTrusted = await trusted().catch(() => false);
  show(asking, false);
  show(yes, isTrusted);
  show(no, !isTrusted);
  busy = false;
}

if (address || location.protocol === "https:") {
  check();
  card.querySelector("[data-part=again]").addEventListener("click", check);
  // Back from the device's settings.
  document.addEventListener("visibilitychange", () => { if (!document.hidden) check(); });
}
