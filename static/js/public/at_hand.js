// Has the service worker keep this page, so that it opens again without network.
// On secure pages alone; the address of a contestant's page is known to its holder only.

async function keep() {
  const version = document.querySelector('meta[name="sw-version"]')?.content;
  if (!version || !globalThis.isSecureContext || !navigator.serviceWorker) return;
  try {
    const registration = await navigator.serviceWorker.register(`/sw.js?v=${version}`, { scope: "/" });
    const wanted = "link[rel=stylesheet], link[rel=icon], script[src], meta[name=keep]";
    (registration.installing ?? registration.waiting ?? registration.active).postMessage({
      opened: location.pathname + (location.pathname.startsWith("/p/") ? location.search : ""),
      shell: [...document.querySelectorAll(wanted)].map((element) => element.href ?? element.src ?? element.content),
    });
  } catch { /* without it the page opens with network alone */ }
}

keep();
