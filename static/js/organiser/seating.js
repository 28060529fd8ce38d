// Panels by keyboard and by dragging. All of it is links and forms; without script they do.

const stations = [...document.querySelectorAll("[data-station]")];
const picked = document.querySelector('[data-part="picked"]');

// --- keys, while a judge is picked: a number chooses, Enter puts, Esc puts back ------------

let chosen = null;
let typed = "";

function choose(card) {
  chosen?.classList.remove("is-chosen");
  chosen = card;
  chosen?.classList.add("is-chosen");
  chosen?.scrollIntoView({ block: "nearest" });
}

function put() {
  const form = chosen?.querySelector('[data-part="put"]');
  // Where no seat is free, somebody's may be taken: whose, is chosen by Tab.
  if (form) send(form);
  else chosen?.querySelector('[data-part="swap"] button')?.focus();
}

function send(form) {
  const reason = form.querySelector('[name="reason"]');
  if (reason && !reason.value.trim()) reason.focus();
  else form.requestSubmit();
}

if (picked) {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") {
      picked.querySelector('[data-part="release"]').click();
      return;
    }
    if (event.target.closest("input, textarea, select, button, a, summary")) return;
    if (/^\d$/.test(event.key)) {
      // With more than nine stations two figures are one number.
      const both = stations.find((card) => card.dataset.station === typed + event.key);
      typed = both ? typed + event.key : event.key;
      choose(stations.find((card) => card.dataset.station === typed) ?? null);
    } else if (event.key === "Enter") {
      // Else the same press would be one on the button that gets the focus.
      event.preventDefault();
      put();
    }
  });
}

// --- dragging: each station answers at once ------------------------------------------------

let dragged = null;

function answer(card, link) {
  const number = card.dataset.station;
  const of = (name) => link.dataset[name].split(" ").includes(number);
  const full = "full" in card.dataset;
  const kind = of("bad") ? "bad" : full ? "full" : of("warn") ? "warn" : "ok";
  const line = card.querySelector('[data-part="verdict"]');
  card.classList.add(`is-${kind}`);
  if (!line) return;
  line.textContent = line.dataset[kind];
  line.className = `verdict ${kind}`;
  line.hidden = false;
}

function forget() {
  dragged = null;
  for (const card of stations) {
    card.classList.remove("is-bad", "is-full", "is-warn", "is-ok", "is-over");
    const line = card.querySelector('[data-part="verdict"]');
    if (line) line.hidden = true;
  }
}

const own = (card) => dragged.dataset.from === card.dataset.value;
// Whose seat is under the pointer: a drop there is a swap.
const seatUnder = (event) => event.target.closest?.(".seated")?.querySelector("[data-judge]");

for (const link of document.querySelectorAll('[draggable="true"][data-judge]')) {
  link.addEventListener("dragstart", (event) => {
    if (picked) return;
    dragged = link;
    event.dataTransfer.effectAllowed = "move";
    for (const card of stations) if (!own(card)) answer(card, link);
  });
  link.addEventListener("dragend", forget);
}

function takes(card, event) {
  if (!dragged || own(card) || card.classList.contains("is-bad")) return false;
  return !card.classList.contains("is-full") || Boolean(seatUnder(event));
}

for (const card of stations) {
  card.addEventListener("dragover", (event) => {
    // What must not be takes no drop.
    card.classList.toggle("is-over", takes(card, event));
    if (takes(card, event)) event.preventDefault();
  });
  card.addEventListener("dragleave", () => card.classList.remove("is-over"));
  card.addEventListener("drop", (event) => {
    event.preventDefault();
    if (!takes(card, event)) return;
    // The station's own forms stand on the page of the judge who is picked.
    const target = new URL(dragged.href);
    const other = seatUnder(event)?.dataset.judge;
    target.hash = `put-${card.dataset.station}${other ? `-${encodeURIComponent(other)}` : ""}`;
    location.assign(target);
  });
}

// A judge who was dropped: put at once where nothing has to be said, else ask for the sentence.
const dropped = /^#put-(\d+)(?:-(.+))?$/.exec(location.hash);
if (picked && dropped) {
  history.replaceState(null, "", location.pathname + location.search);
  choose(stations.find((card) => card.dataset.station === dropped[1]) ?? null);
  const other = dropped[2] && decodeURIComponent(dropped[2]);
  const swaps = [...(chosen?.querySelectorAll('[data-part="swap"]') ?? [])];
  const form = swaps.find((swap) => swap.dataset.other === other);
  if (form) send(form);
  else if (!other) put();
}

document.getElementById("suggestion")?.focus({ preventScroll: false });
