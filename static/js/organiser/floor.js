// 现场: the board keeps up by itself, and clocks of those at work run between its news.

import "./board.js";
import { _ } from "../shared/words.js";

const two = (number) => String(number).padStart(2, "0");
const shown = (seconds) => `${two(Math.floor(seconds / 60))}:${two(seconds % 60)}`;

function tick() {
  for (const place of document.querySelectorAll("[data-since]")) {
    const gone = Math.max(0, Math.floor((Date.now() - Date.parse(place.dataset.since)) / 1000));
    place.querySelector("[data-part=clock]").textContent = shown(gone);
    const full = Math.floor(Number(place.dataset.full ?? 0));
    if (!full) continue;
    const left = full - gone;
    place.querySelector("[data-part=left]").textContent = left >= 0
      ? _("还有 %(time)s", { time: shown(left) }) : _("超了 %(time)s", { time: shown(-left) });
  }
}

tick();
setInterval(tick, 1000);
