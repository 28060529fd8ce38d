// The service worker: which pages, scripts, lists and photos a device keeps to open without network.
// A contestant's own page is kept by the address that only its holder knows, whoever signs in; so
// are pages to practise on and the one that checks what is published, which anybody opens.
// On secure pages alone. Scripts and styles are kept for everybody, pages (the judge's, the check-in
// clerk's with list and photos, those of a labour competition's entry, an examination's) for whose they are; signing in or out throws those away,
// so that nobody meets another's.

const VERSION = new URL(location.href).searchParams.get("v") ?? "0";
const SHELL = `shell-${VERSION}`;
const PAGES = "pages-";
const OPENED = "opened";
/** So many contestants' pages are kept, those opened last. */
const MOST_OPENED = 20;
/** When a page was kept, in its headers. */
const KEPT_AT = "X-Kept-At";
/** Where the words of `away` are kept; nothing is served there. */
const AWAY = "/judge/away.json";
/** Milliseconds: for a page that is kept, as long as a good line takes; else much longer. */
const BRIEF = 300;
const PATIENCE = 4000;
/** Milliseconds: so long a page is right that was fetched beforehand, if its sheet stands as it did. */
const LATELY = 60_000;
/** Of the pages fetched beforehand, when that was, and how their sheets stood. */
const fetched = new Map();
/** Raised whenever somebody signs in or out: what was asked for before is not kept after. */
let era = 0;

self.addEventListener("install", () => self.skipWaiting());

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) {
      if (name.startsWith("shell-") && name !== SHELL) await caches.delete(name);
    }
    await self.clients.claim();
  })());
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== location.origin) return;
  if (request.method === "GET" && isShell(url)) event.respondWith(shell(request));
  else if (request.method === "GET" && isList(url)) event.respondWith(list(request, url));
  else if (request.method === "GET" && isPhoto(url)) event.respondWith(photo(request, url));
  else if (request.mode !== "navigate") return;
  else if (request.method === "POST" && isDoor(url)) {
    event.respondWith(inOrOut(request, url));
  } else if (request.method === "GET" && isPage(url)) event.respondWith(page(event, url));
  else if (request.method === "GET" && isOpened(url)) event.respondWith(opened(event, url));
  else if (request.method === "GET" && url.pathname.startsWith("/judge/")) {
    event.respondWith(fetch(request).catch(() => away()));
  }
});

/** A page says whose it is, and what should be at hand without the server. */
self.addEventListener("message", (event) => {
  const { judge, shell: assets = [], pages = [], stands = {}, away: words } = event.data;
  if (event.data.opened) {
    event.waitUntil(Promise.all([keepAssets(assets), keepOpened(event.data.opened)]).catch(() => {}));
    return;
  }
  event.waitUntil((async () => {
    await forgetPages(judge);
    if (words) await keep(SHELL, AWAY, new Response(JSON.stringify(words)));
    await keepAssets(assets).catch(() => {});
    // One after another: two hundred tablets do this in the same morning.
    for (const url of pages) await beforehand(url, stands[url]).catch(() => {});
  })());
});

/** Keep an answer. A full disk keeps none, and takes from nobody what the server said. */
async function keep(name, key, answer) {
  try {
    await (await caches.open(name)).put(key, answer);
  } catch { /* it is asked for again next time */ }
}

async function keepAssets(assets) {
  const cache = await caches.open(SHELL);
  await Promise.all(assets.map(async (url) => {
    if (!(await cache.match(url))) await cache.add(url).catch(() => {});
  }));
}

const isShell = (url) => url.pathname.startsWith("/assets/") || url.pathname.startsWith("/static/");
const isPage = (url) => isEntry(url) || (!url.search
  && /^\/(judge\/(sheets\/[^/]+)?|check-in\/[^/]+\/|exam\/[^/]+)$/.test(url.pathname));
/** Its address says the period too. The page keeps its grid itself, beside it. */
const isEntry = (url) => /^\/labour-entry\/[^/]+$/.test(url.pathname);
const nameOf = (url) => url.pathname + (isEntry(url) ? url.search : "");
const isList = (url) => /^\/api\/check-in\/[^/]+\/list$/.test(url.pathname);
const isPhoto = (url) => /^\/api\/check-in\/[^/]+\/photos\//.test(url.pathname);
/** A contestant's own page, one to practise on, the one that checks what is published, and results. */
const isOpened = (url) => isResults(url) || (!url.search && /^\/(c|practice|log\/check)\/[^/]+$/.test(url.pathname));
const isResults = (url) => /^\/p\/[^/]+$/.test(url.pathname);
/** Tabs and versions of results have addresses of their own; what was searched for is not kept. */
const openedAs = (url) => url.pathname + (isResults(url) && !url.searchParams.has("q") ? url.search : "");
/** The first page of the version that the address names, or of the newest. */
const versionAs = (url) => {
  const version = url.searchParams.get("version");
  return version === null ? url.pathname : `${url.pathname}?${new URLSearchParams({ version })}`;
};
/** Where somebody signs in or out. */
const isDoor = (url) => /^\/((account\/)?sign-(in|out)|invitation)\b/.test(url.pathname);

/**
 * Somebody signs in or out: once the server has said so, the pages of who was here go. Without
 * an answer nobody was signed out, so all stays as it is, and the page says that.
 */
async function inOrOut(request, url) {
  era += 1;
  let answer;
  try {
    answer = await fetch(request);
  } catch {
    return away(url.pathname.endsWith("/sign-out") ? "stay" : "text");
  }
  era += 1;
  await forgetPages().catch(() => {});
  // On a shared tablet the contestants' pages that somebody opened go with them.
  if (request.method === "POST") await caches.delete(OPENED).catch(() => {});
  return answer;
}

/**
 * Fetch a page that may be wanted without the server. A judge is back on the home page after each
 * sheet, and it names all of them each time: those that stand as they did a moment ago are kept.
 */
async function beforehand(path, stands) {
  const last = fetched.get(path);
  const same = stands !== undefined && last?.stands === stands && performance.now() - last.at < LATELY;
  if (same && await kept(path)) return;
  const at = performance.now();
  if ((await fetchPage(path)).ok) fetched.set(path, { at, stands });
}

/** Scripts and styles are named by their content: what is kept is right. */
async function shell(request) {
  const kept = await caches.match(request, { cacheName: SHELL }).catch(() => undefined);
  if (kept) return kept;
  const answer = await fetch(request);
  if (answer.ok) await keep(SHELL, request, answer.clone());
  return answer;
}

/**
 * The server's page; what is kept where there is no answer, or none in good time. A kept
 * page asks for the sheet's newest word as soon as it is open, so it is never behind for long.
 */
async function page(event, url) {
  const fresh = fetchPage(event.request);
  event.waitUntil(fresh.catch(() => {}));
  const patience = (await kept(nameOf(url))) ? BRIEF : PATIENCE;
  const late = new Promise((resolve) => { setTimeout(resolve, patience); });
  try {
    const first = await Promise.race([fresh, late]);
    if (first) return first;
  } catch { /* no answer: see what is kept */ }
  return (await kept(nameOf(url))) ?? (await kept("/judge/")) ?? fresh;
}

/** A page that was opened: the server's, or without its answer the one that was opened last. */
async function opened(event, url) {
  const cache = await caches.open(OPENED);
  // A tab that was never opened: at least the page that was, of that version and no other.
  const there = (await cache.match(openedAs(url))) ?? (await cache.match(versionAs(url)));
  const fresh = keepOpened(event.request);
  event.waitUntil(fresh.catch(() => {}));
  if (!there) return fresh;
  const late = new Promise((resolve) => { setTimeout(resolve, PATIENCE); });
  try {
    const first = await Promise.race([fresh, late]);
    if (first && first.status < 500) return first;
  } catch { /* no answer: what is kept */ }
  return asKept(there);
}

/** Ask for such a page, and keep it; one that the server has no more goes. */
async function keepOpened(request) {
  const url = new URL(request.url ?? request, location.origin);
  const path = openedAs(url);
  const answer = await fetch(request);
  if (url.searchParams.has("q")) return answer;
  const cache = await caches.open(OPENED);
  if (answer.status === 404) await cache.delete(path);
  if (!answer.ok || answer.redirected || answer.type !== "basic") return answer;
  const headers = new Headers(answer.headers);
  headers.set(KEPT_AT, new Date().toISOString());
  for (const name of ["Content-Encoding", "Content-Length"]) headers.delete(name);
  const body = await answer.clone().arrayBuffer();
  try {
    await cache.delete(path);
    await cache.put(path, new Response(body, { headers }));
    for (const old of (await cache.keys()).slice(0, -MOST_OPENED)) await cache.delete(old);
  } catch { /* a full disk keeps nothing */ }
  return answer;
}

/** What was kept, with the page's own word that it is, and when that was. */
async function asKept(there) {
  const text = await there.clone().text();
  const language = /<html lang="([\w-]+)"/.exec(text)?.[1];
  const timeZone = / data-zone="([\w+/-]+)"/.exec(text)?.[1];
  // Day before month, as on every page.
  const order = language === "en" ? "en-GB" : language;
  const at = new Date(there.headers.get(KEPT_AT)).toLocaleString(order, { dateStyle: "medium", timeStyle: "short", timeZone });
  const html = text.replace('data-part="kept" hidden', 'data-part="kept"').replace(/(data-part="kept-at">)/, `$1${safe(at)}`);
  return new Response(html, { headers: there.headers });
}

/** Ask for a page, and keep it with the judge that it names. */
async function fetchPage(request) {
  const asked = era;
  const answer = await fetch(request);
  if (!answer.ok || answer.redirected || answer.type !== "basic") return answer;
  const copy = answer.clone();
  const judge = /\bdata-judge="([^"]+)"/.exec(await answer.clone().text())?.[1];
  if (judge && asked === era) {
    await forgetPages(judge).catch(() => {});
    await keep(PAGES + judge, nameOf(new URL(answer.url)), copy);
  }
  return answer;
}

/** The clerk's list as the server tells it; where it tells all of it, that is kept with the page. */
async function list(request, url) {
  const asked = era;
  const answer = await fetch(request);
  const judge = request.headers.get("X-Judge");
  if (!answer.ok || !judge) return answer;
  const copy = answer.clone();
  if ("people" in await answer.clone().json() && asked === era) {
    await keep(PAGES + judge, url.pathname, copy);
  }
  return answer;
}

/** A photo of the clerk's list: kept with it once the page asked for it. Another has another address. */
async function photo(request, url) {
  const asked = era;
  const there = await kept(url.pathname);
  if (there) return there;
  const answer = await fetch(request);
  const judge = request.headers.get("X-Judge");
  if (!answer.ok || !judge) return answer;
  const copy = answer.clone();
  if (asked === era) await keep(PAGES + judge, url.pathname, copy);
  return answer;
}

async function kept(path) {
  for (const name of await caches.keys()) {
    if (!name.startsWith(PAGES)) continue;
    const copy = await (await caches.open(name)).match(path);
    if (copy) return copy;
  }
  return undefined;
}

/** Throw away all kept pages but those of one judge; of all without one. */
async function forgetPages(judge) {
  for (const name of await caches.keys()) {
    if (name.startsWith(PAGES) && name !== PAGES + judge) await caches.delete(name);
  }
}

/**
 * In place of a page that needs the server: says so, and leads back. Nothing of any judge is in it.
 * `textKey` is which of its texts stands there.
 */
async function away(textKey = "text") {
  const kept = await (await caches.open(SHELL)).match(AWAY);
  if (!kept) return Response.error();
  const texts = Object.fromEntries(Object.entries(await kept.json()).map(([key, text]) => [key, safe(text)]));
  const page = [
    `<!doctype html><html lang="${texts.lang}" data-theme="${texts.theme}" class="with-sheet"><head><meta charset="utf-8">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${texts.title}</title><link rel="stylesheet" href="${texts.style}"></head>`,
    '<body class="face-judge"><main class="sheet-main"><section class="card padded">',
    `<h1>${texts.title}</h1><p>${texts[textKey] ?? texts.text}</p><div class="dialog-acts">`,
    `<a class="button primary large" href="/judge/">${texts.home}</a>`,
    `<a class="button large" href="">${texts.again}</a></div></section></main></body></html>`,
  ].join("");
  return new Response(page, { status: 503, headers: {
    "Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": "default-src 'self'",
  } });
}

const safe = (text) => String(text).replace(/[&<>"]/g, (letter) => `&#${letter.charCodeAt(0)};`);
