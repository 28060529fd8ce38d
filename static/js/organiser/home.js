// The desk's home while competitions are still looked through: the page asks on by itself.

const PARTS = ["head", "waiting"];
const find = (root, name) => root.querySelector(`[data-part=${name}]`);

async function lookOn() {
  const address = find(document, "waiting")?.dataset.on;
  if (!address) return;
  const reply = await fetch(address, { credentials: "same-origin", redirect: "error" }).catch(() => null);
  // Without an answer the link stays, by which somebody goes on.
  if (!reply?.ok) return;
  const page = new DOMParser().parseFromString(await reply.text(), "text/html");
  for (const name of PARTS) {
    const [there, now] = [find(document, name), find(page, name)];
    if (!there || !now) return;
    // Who is about to press a button there finds it where it was.
    if (!there.contains(document.activeElement)) there.replaceChildren(...now.childNodes);
    if (now.dataset.on) there.dataset.on = now.dataset.on;
    else delete there.dataset.on;
  }
  setTimeout(lookOn);
}

lookOn();
