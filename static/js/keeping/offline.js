// On a secure page: has a service worker keep this judge's pages for when the server is dead.
// On plain HTTP browsers have none, and the open page goes on by itself.

import { _ } from "../shared/words.js";

/**
 * stands: by the addresses of the judge's pages to have at hand besides this one, how what is on
 * them stands; a page that stands as it did is not fetched again each time. here: this page's.
 */
export async function keepAtHand(stands = {}, here = location.pathname) {
  const version = document.querySelector('meta[name="sw-version"]')?.content;
  if (!version || !globalThis.isSecureContext || !navigator.serviceWorker) return;
  try {
    const registration = await navigator.serviceWorker.register(`/sw.js?v=${version}`, { scope: "/" });
    // The newest one: an older one may still be serving this page.
    (registration.installing ?? registration.waiting ?? registration.active).postMessage({
      judge: document.body.dataset.judge,
      shell: shell(),
      pages: [here, ...Object.keys(stands)],
      stands,
      away: away(),
    });
  } catch { /* without it everything works as on plain HTTP */ }
}

/** What this page is made of, and the scripts it names for the pages that follow. */
function shell() {
  const wanted = "link[rel=stylesheet], link[rel=modulepreload], link[rel=icon], script[src]";
  return [...document.querySelectorAll(wanted)].map((element) => element.href ?? element.src);
}

/** What stands in place of a page that needs the server, while there is none. */
function away() {
  return {
    lang: document.documentElement.lang,
    theme: document.documentElement.dataset.theme,
    style: document.querySelector("link[rel=stylesheet]").getAttribute("href"),
    title: _("没有网络"),
    text: _("现在没有网络，这一页要连着服务器。分数都在本机，可以接着评。"),
    stay: _("现在没有网络，没有退出登录。记下的都在这台设备上，网络恢复后再退出。"),
    home: _("回到还剩几张"),
    again: _("再试一次"),
  };
}
