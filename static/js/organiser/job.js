// A job's page keeps up by itself.
// When the job is over the page is opened anew, and the server leads on to what came of it.

import "./desk.js";

const EVERY = 1_000;
const PATIENCE = 15_000;
const place = document.querySelector("[data-live-url]");

async function ask() {
  const reply = await fetch(place.dataset.liveUrl, {
    headers: { Accept: "application/json" }, credentials: "same-origin", cache: "no-store",
    redirect: "error", signal: AbortSignal.timeout(PATIENCE),
  });
  if (reply.status !== 200) return false;
  const { part, over } = await reply.json();
  const shown = place.querySelector("[data-part=progress]");
  if (shown.innerHTML !== part) shown.innerHTML = part;
  return over;
}

async function look() {
  if (await ask().catch(() => false)) location.reload();
  else setTimeout(look, EVERY);
}

if (place) setTimeout(look, EVERY / 2);
