// Seals and openings that come over the network appear on the desk's page as they come.

const EVERY = 4000;
const find = (root) => root.querySelector("[data-part=shares]");
const shown = find(document);

async function look() {
  try {
    const reply = await fetch(location.href, { headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(reply.ok ? await reply.text() : "", "text/html");
    const now = find(page);
    if (!now) return;
    // Another step, or the party whose code is shown has sealed: the page has more to say.
    const moved = now.dataset.phase !== shown.dataset.phase;
    const sealed = document.querySelector("[data-part=party]") && !page.querySelector("[data-part=party]");
    if (moved || sealed) location.replace(location.pathname);
    else if (now.textContent !== shown.textContent) shown.replaceChildren(...now.childNodes);
  } catch {
    // Without network the page stays as it is.
  }
}

if (shown) {
  setInterval(() => {
    if (!document.hidden) look();
  }, EVERY);
}
