// A form marked data-wait is sent six seconds after it was pressed.
// Until then it can be taken back. Who goes on to something else meanwhile means it: it is sent
// first.

const SECONDS = 6;
let pending = null;

const part = (form, name) => form.querySelector(`[data-part=${name}]`);

function show(form, waiting) {
  for (const child of form.children) {
    if (child.dataset.part !== "waiting") child.inert = waiting;
  }
  form.querySelector("button:not([data-part])").hidden = waiting;
  part(form, "waiting").hidden = !waiting;
  underway(form, waiting);
}

/** What the form is about no longer says that nobody has done anything about it. */
function underway(form, waiting) {
  for (const id of (form.elements.rows?.value ?? "").split(",")) {
    const row = document.getElementById(`row-${id}`);
    for (const [name, hidden] of [["standing", waiting], ["underway", !waiting]]) {
      const place = row?.querySelector(`[data-${name}]`);
      if (place) place.hidden = hidden;
    }
  }
}

function hold(form) {
  let left = SECONDS;
  pending = { form, data: new URLSearchParams(new FormData(form)) };
  part(form, "left").textContent = left;
  show(form, true);
  part(form, "take-back").focus();
  pending.timer = setInterval(() => {
    left -= 1;
    part(form, "left").textContent = left;
    if (!left) letGo().form.submit();
  }, 1_000);
}

/** No longer pending, whatever becomes of it; what was. */
function letGo() {
  const was = pending;
  clearInterval(was.timer);
  pending = null;
  return was;
}

function takeBack() {
  const { form } = letGo();
  show(form, false);
  form.querySelector("button:not([data-part])").focus();
}

/** Send what is pending, then go on. */
async function sendThen(goOn) {
  const { form, data } = letGo();
  part(form, "waiting").hidden = true;
  // What the server says against it stands on the page that comes next.
  await fetch(form.action, { method: "post", body: data, redirect: "manual" }).catch(() => {});
  goOn();
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  const waits = form.matches("[data-wait]");
  if (!pending && !waits) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (pending) sendThen(() => (waits ? hold(form) : form.requestSubmit(event.submitter)));
  else hold(form);
}, { capture: true });

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href]");
  if (event.target.closest("[data-part=take-back]")) takeBack();
  else if (pending && link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    sendThen(() => location.assign(link.href));
  }
}, { capture: true });

addEventListener("pagehide", () => {
  if (!pending) return;
  const { form, data } = letGo();
  navigator.sendBeacon(form.action, data);
});
