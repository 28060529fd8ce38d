// What comes along from the edition or template that is chosen now, without the page being left.

const PARTS = ["carried", "brings"];
const find = (root, name) => root.querySelector(`[data-part=${name}]`);
let asked = 0;

document.addEventListener("change", async ({ target }) => {
  const address = target.dataset?.carried;
  if (!address || !target.checked) return;
  const mine = ++asked;
  try {
    const reply = await fetch(address, { headers: { Accept: "text/html" } });
    const text = reply.ok ? await reply.text() : "";
    const page = new DOMParser().parseFromString(text, "text/html");
    if (mine !== asked || !find(page, "carried")) return;
    for (const name of PARTS) {
      const [there, now] = [find(document, name), find(page, name)];
      if (there && now) there.replaceChildren(...now.childNodes);
    }
  } catch {
    // Without network the list stays; what comes along is what was chosen all the same.
  }
});
