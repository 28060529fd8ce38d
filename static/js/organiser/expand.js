// Rows that open.
// Without script the link loads the page with that row open; with it the row is fetched once and
// shown in place.

const row = (id) => document.getElementById(id);

async function fetchRow(link) {
  const reply = await fetch(link.href, { headers: { Accept: "text/html" } });
  if (!reply.ok) throw new Error(String(reply.status));
  const page = new DOMParser().parseFromString(await reply.text(), "text/html");
  const detail = page.getElementById(link.dataset.expands);
  if (!detail) throw new Error("no such row");
  link.closest("tr").after(document.adoptNode(detail));
  return detail;
}

/** Show or hide the row of a link; a row that can't be fetched is opened by the link itself. */
async function toggle(link) {
  const opening = link.getAttribute("aria-expanded") !== "true";
  let detail = row(link.dataset.expands);
  if (!detail && opening) {
    try {
      detail = await fetchRow(link);
    } catch {
      location.assign(link.href);
      return;
    }
  }
  if (detail) detail.hidden = !opening;
  link.setAttribute("aria-expanded", String(opening));
  link.closest("tr").classList.toggle("is-open", opening);
}

/** Whether a press in a row was meant for something of its own, or marked its words. */
function isForItself(event) {
  return !!event.target.closest("a, button, input, label, summary") || !getSelection().isCollapsed;
}

/** Make every [data-expands] link of the root, and the row it stands in, open its row in place. */
export function expandable(root = document) {
  for (const link of root.querySelectorAll("[data-expands]")) {
    link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      toggle(link);
    });
    link.closest("tr").addEventListener("click", (event) => {
      if (!isForItself(event)) toggle(link);
    });
    link.addEventListener("keydown", (event) => {
      if (event.key !== " ") return;
      event.preventDefault();
      toggle(link);
    });
  }
}
