// The form of a small contest: what was read of it so far is shown beside it.

const WAIT = 250;
const form = document.getElementById("small");
let asked = 0;
let timer = null;

async function look() {
  const mine = ++asked;
  const reply = await fetch(form.dataset.lookUrl, {
    method: "post", body: new URLSearchParams(new FormData(form)),
    headers: { Accept: "application/json" }, credentials: "same-origin", redirect: "error",
  }).then((answer) => (answer.ok ? answer.json() : null)).catch(() => null);
  // Without a line the form is read as it is sent.
  if (mine !== asked || !reply) return;
  for (const [name, html] of Object.entries(reply)) {
    const place = document.querySelector(`[data-part="${name}"]`);
    if (place.innerHTML !== html) place.innerHTML = html;
  }
}

form.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(look, WAIT);
});
