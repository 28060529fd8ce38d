// Keys of a list whose rows are decided on: J and K go to the next and the previous row, Space
// opens it, 1 and 2 are its acts, N goes to the next that is to be decided.

const rows = [...document.querySelectorAll("[data-row]")];

/** What takes the focus in a row: its conditions, which Space opens; else the row itself. */
function goTo(row) {
  const place = row.querySelector("summary") ?? row;
  if (place === row) row.tabIndex = -1;
  place.focus();
  row.scrollIntoView({ block: "nearest" });
}

const here = () => rows.findIndex((row) => parts(row).some((part) => part.contains(document.activeElement)));

/** A row, and what stands open below it. */
function parts(row) {
  const below = row.nextElementSibling;
  return below?.matches(".award-point") ? [row, below] : [row];
}

/** Whether something stands in no part that is folded; the head of one that is does not. */
function inSight(place) {
  const folded = place.closest("details:not([open])");
  if (!folded) return true;
  return folded.querySelector("summary").contains(place) && inSight(folded.parentElement);
}

/** The row's act of that number, if it is in sight. */
function act(row, number) {
  const buttons = parts(row).flatMap((part) => [...part.querySelectorAll(`[data-act="${number}"]`)]);
  return buttons.find(inSight);
}

function pressed(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.target.closest("input, textarea, select, [contenteditable]")) return;
  const key = event.key.toLowerCase();
  const now = here();
  let done = null;
  if (key === "j" || key === "k") {
    const next = rows[now + (key === "j" ? 1 : -1)] ?? (now < 0 && rows[0]);
    done = next && (() => goTo(next));
  } else if (key === "n") {
    const link = document.querySelector("[data-next-open]");
    done = link && (() => link.click());
  } else if ((key === "1" || key === "2") && now >= 0) {
    const button = act(rows[now], key);
    done = button && (() => button.click());
  }
  if (!done) return;
  // Beyond the last row J is the desk's own: it turns the page.
  event.preventDefault();
  event.stopImmediatePropagation();
  done();
}

document.addEventListener("keydown", pressed, true);

/** The row that the address names. */
function arrived() {
  const row = rows.find((candidate) => `#${candidate.id}` === decodeURIComponent(location.hash));
  if (row) goTo(row);
}

addEventListener("hashchange", arrived);
arrived();
