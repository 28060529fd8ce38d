// What comes along from the edition or template that is chosen now, and what it would be called,
// without the page being left. A field that somebody wrote in is theirs and stays.

const PARTS = ["carried", "brings"];
const FIELDS = ["name", "code", "year", "starts"];
const form = document.querySelector("form#new");
const proposed = Object.fromEntries(FIELDS.map((name) => [name, form?.elements[name]?.value]));
const find = (root, name) => root.querySelector(`[data-part=${name}]`);
let asked = 0;

function fill(page) {
  for (const name of FIELDS) {
    const [field, there] = [form.elements[name], page.querySelector(`#new [name=${name}]`)];
    if (!field || !there || field.value !== proposed[name]) continue;
    proposed[name] = field.value = there.value;
  }
  const doubts = find(document, "doubts");
  const source = form.elements.name.value === proposed.name ? find(page, "doubts") : null;
  doubts.replaceChildren(...(source ? source.childNodes : []));
}

document.addEventListener("change", async ({ target }) => {
  if (target.form !== form || !["of", "starts"].includes(target.name)) return;
  const chosen = form.querySelector("[name=of]:checked");
  const address = chosen && new URL(chosen.dataset.carried, location.href);
  if (!address || (target.name === "starts" && !target.value)) return;
  const { starts } = form.elements;
  if (starts.value !== proposed.starts) address.searchParams.set("starts", starts.value);
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
    if (find(document, "doubts")) fill(page);
  } catch {
    // Without network the list stays; what comes along is what was chosen all the same.
  }
});

// A name of one's own: what was said of the proposed one no longer concerns it.
form?.elements.name.addEventListener("input", () => find(document, "doubts")?.replaceChildren());
