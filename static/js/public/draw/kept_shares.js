// Shares that were sealed on this device, kept in its browser alone until they are thrown away.

const KEY = "draw-shares";
const MOST = 20;

/** {ceremony, number, name, share, key, seal} each, the newest first; none where nothing is kept. */
export function keptShares() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY));
    return Array.isArray(kept) ? kept.filter((share) => typeof share?.seal === "string") : [];
  } catch {
    return [];
  }
}

/** Whether the browser could keep it. */
export function keepShare(share) {
  return write([share, ...keptShares().filter(({ seal }) => seal !== share.seal)].slice(0, MOST));
}

export function dropShare(seal) {
  return write(keptShares().filter((share) => share.seal !== seal));
}

function write(shares) {
  try {
    localStorage.setItem(KEY, JSON.stringify(shares));
    return true;
  } catch {
    return false;
  }
}
