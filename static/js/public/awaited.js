// Another tab, page, version or search of published results is asked for: grey rows stand in the
// list until it is there, for a second at most; then that it has not come, with a way to ask again.
// Without script the browser's own sign has to do.

import { parts, press, show } from "../shared/dom.js";

/** Milliseconds: sooner nobody sees that anything is awaited. */
const SOON = 150;
const LONG = 1000;

const main = document.querySelector("main.results");
const part = parts(main);
let timers = [];
let wanted = "";

function rest() {
  timers.forEach(clearTimeout);
  timers = [];
  main.classList.remove("is-awaited");
  show(part.awaited, false);
}

function wait(url) {
  rest();
  wanted = url;
  timers = [
    setTimeout(() => main.classList.add("is-awaited"), SOON),
    setTimeout(() => {
      rest();
      show(part.awaited, true);
      part.awaited.scrollIntoView({ block: "nearest" });
    }, LONG),
  ];
}

function ask(url) {
  wait(url);
  location.assign(url);
}

/** Whether an address is another list of these results; a place on this page is not. */
const isList = (url) => url.pathname === location.pathname && url.search !== location.search;

main.addEventListener("click", (event) => {
  const link = event.target.closest("a[href]");
  if (!link || link.target || link.download || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (isList(new URL(link.href))) wait(link.href);
});
main.querySelector("form[role=search]")?.addEventListener("submit", ({ target }) => {
  wait(`${target.action.split("?")[0]}?${new URLSearchParams(new FormData(target))}`);
});
press(part.again, () => ask(wanted));
// Gone to the next page, or back by the browser's own store.
addEventListener("pagehide", rest);
