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
  if (!form) return;
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
      put();
    }
  });
}

// --- dragging: each station answers at once ------------------------------------------------

let dragged = null;

function answer(card, link) {
  const number = card.dataset.station;
  const of = (name) => link.dataset[name].split(" ").includes(number);
  const kind = of("bad") ? "bad" : of("warn") ? "warn" : "ok";
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
    card.classList.remove("is-bad", "is-warn", "is-ok", "is-over");
    const line = card.querySelector('[data-part="verdict"]');
    if (line) line.hidden = true;
  }
}

for (const link of document.querySelectorAll('[draggable="true"][data-judge]')) {
  link.addEventListener("dragstart", (event) => {
    if (picked) return;
    dragged = link;
    event.dataTransfer.effectAllowed = "move";
    for (const card of stations) answer(card, link);
  });
  link.addEventListener("dragend", forget);
}

for (const card of stations) {
  card.addEventListener("dragover", (event) => {
    // What must not be takes no drop.
    if (!dragged || card.classList.contains("is-bad")) return;
    event.preventDefault();
    card.classList.add("is-over");
  });
  card.addEventListener("dragleave", () => card.classList.remove("is-over"));
  card.addEventListener("drop", (event) => {
    event.preventDefault();
    // The station's own form stands on the page of the judge who is picked.
    const target = new URL(dragged.href);
    target.hash = `put-${card.dataset.station}`;
    location.assign(target);
  });
}

// A judge who was dropped: put at once where nothing has to be said, else ask for the sentence.
const dropped = /^#put-(\d+)$/.exec(location.hash);
if (picked && dropped) {
  history.replaceState(null, "", location.pathname + location.search);
  choose(stations.find((card) => card.dataset.station === dropped[1]) ?? null);
  put();
}

document.getElementById("suggestion")?.focus({ preventScroll: false });
