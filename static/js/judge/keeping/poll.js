// Asks the server for its newest word on the open sheet, so that a second tablet
// of the same judge and the chief's acts show here too.

const EVERY = 12_000;

export function watchTheServer(line, journal, markedSheet) {
  let timer = null;
  const look = async () => {
    clearTimeout(timer);
    if (document.visibilityState === "visible") {
      const since = Date.now();
      const { status, data } = await line.call(`/api/sheets/${encodeURIComponent(markedSheet.server.id)}`);
      // Where acts were taken in meanwhile, the answer may be older than theirs.
      if (status === 200) await journal.keepSheet(data, since);
      // A sheet that is gone says nothing of a backup that was restored; the home call does.
      else if (status === 404) await line.call("/api/home");
    }
    timer = setTimeout(look, EVERY * (0.8 + Math.random() * 0.4));
  };
  for (const sign of ["pageshow", "online", "focus"]) addEventListener(sign, look);
  document.addEventListener("visibilitychange", look);
  look();
}
