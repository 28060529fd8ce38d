// What the board's pages share: its data, asked for again and again, and the clock of a watch.

const two = (number) => String(number).padStart(2, "0");

/** So many seconds as a watch shows them, 04:05. */
export function clockOf(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  return `${two(Math.floor(whole / 60))}:${two(whole % 60)}`;
}

/**
 * Asks for the data every so often as it says itself, from the first on. `take` gets what has
 * changed; `heard` hears of each time whether the server answered. A board that is gone is loaded anew.
 */
export function keepAsking(first, take, heard = () => {}) {
  let board = first;
  let etag = null;
  const ask = async () => {
    let answered = true;
    try {
      const headers = etag ? { "If-None-Match": etag } : {};
      const answer = await fetch(board.data_url, { headers, cache: "no-store" });
      if (answer.status === 404) return location.reload();
      if (answer.status === 200) {
        board = await answer.json();
        etag = answer.headers.get("ETag");
        take(board);
      } else if (answer.status !== 304) {
        throw new Error(String(answer.status));
      }
    } catch {
      answered = false;
    }
    heard(answered);
    setTimeout(ask, board.seconds * 1000);
  };
  setTimeout(ask, board.seconds * 1000);
}
