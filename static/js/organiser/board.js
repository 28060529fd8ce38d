// The progress board keeps up by itself: every few seconds it asks for the parts that
// change, and puts in those that nobody is working in at this moment.

import "./desk.js";

const EVERY = 4_000;
const PATIENCE = 15_000;
const head = document.querySelector("[data-live-url]");
const places = new Map([...document.querySelectorAll("[data-live]")].map((place) => [
  place.dataset.live, place,
]));
const shown = new Map();
let tag = null;
let timer = null;

const busy = (place) => place.contains(document.activeElement)
  || place.querySelector("details[open]") !== null;

/** What has to wait (data-wait: seconds) shows itself when they are over. */
function awaitTurns(place) {
  for (const element of place.querySelectorAll("[data-wait]")) {
    setTimeout(() => { element.hidden = false; }, element.dataset.wait * 1000);
  }
}

/** Put the parts in; false where one had to wait because somebody is in it. */
function fill(parts) {
  let all = true;
  for (const [name, html] of Object.entries(parts)) {
    const place = places.get(name);
    if (!place || shown.get(name) === html) continue;
    if (busy(place)) {
      all = false;
      continue;
    }
    place.innerHTML = html;
    shown.set(name, html);
    awaitTurns(place);
  }
  return all;
}

async function ask() {
  const headers = { Accept: "application/json" };
  if (tag) headers["If-None-Match"] = tag;
  const reply = await fetch(head.dataset.liveUrl, {
    headers, credentials: "same-origin", cache: "no-store", redirect: "error",
    signal: AbortSignal.timeout(PATIENCE),
  });
  // Nobody has touched the page for hours: it asks for a sign-in, and shows nothing old.
  if (reply.status === 401 && ![...places.values()].some(busy)) location.reload();
  if (reply.status !== 200) return;
  const { parts } = await reply.json();
  tag = fill(parts) ? reply.headers.get("ETag") : null;
}

async function look() {
  clearTimeout(timer);
  if (document.visibilityState === "visible") await ask().catch(() => {});
  timer = setTimeout(look, EVERY * (0.8 + Math.random() * 0.4));
}

if (head?.dataset.liveUrl && places.size) {
  document.addEventListener("visibilitychange", look);
  timer = setTimeout(look, EVERY);
}

awaitTurns(document);
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}
