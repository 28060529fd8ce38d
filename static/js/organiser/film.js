// Films on the page of appeals: a marked instant moves the player there. Space plays and stops,
// [ and ] go to the instant before and after, 1 to 9 choose how to decide; while typing none of it.

/** How near, in seconds, an instant is the one that is being looked at. */
const NEAR = 1;

const films = [...document.querySelectorAll("[data-film]")];
let last = films[0];

const player = (film) => film.querySelector("video");
const instants = (film) => [...film.querySelectorAll("[data-at]")];

function look(film, link) {
  last = film;
  player(film).currentTime = Number(link.dataset.at);
  for (const instant of instants(film)) {
    if (instant === link) instant.setAttribute("aria-current", "true");
    else instant.removeAttribute("aria-current");
  }
}

/** The next marked instant that way, or null. */
function beside(film, step) {
  const now = player(film).currentTime;
  const there = instants(film).filter((link) => (Number(link.dataset.at) - now) * step > (step < 0 ? NEAR : 0.05));
  return (step < 0 ? there.at(-1) : there[0]) ?? null;
}

for (const film of films) {
  player(film).addEventListener("play", () => { last = film; });
  film.addEventListener("click", (event) => {
    const link = event.target.closest("[data-at]");
    if (!link) return;
    event.preventDefault();
    look(film, link);
    player(film).scrollIntoView({ block: "nearest" });
  });
}

function acted(key) {
  if (key >= "1" && key <= "9") {
    const way = document.querySelectorAll("input[name=outcome]")[Number(key) - 1];
    way?.click();
    return Boolean(way);
  }
  if (!last) return false;
  if (key === " ") {
    const film = player(last);
    // Stopped again before it began, `play` is refused: nothing went wrong.
    if (film.paused) film.play().catch(() => {});
    else film.pause();
    return true;
  }
  if (key !== "[" && key !== "]") return false;
  const link = beside(last, key === "[" ? -1 : 1);
  if (link) look(last, link);
  return true;
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
  // Whoever types, or stands on something that the key works by itself, means that.
  if (event.target.closest("input:not([type=radio]), textarea, select, button, summary, video, [contenteditable]")) return;
  if (event.target.closest("a") && event.key === " ") return;
  if (event.target.closest("input") && event.key === " ") return;
  if (acted(event.key)) event.preventDefault();
});
