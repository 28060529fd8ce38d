// The key by which this tablet proves what it hands over, got while its judge is signed in.
// Without it a file counts as paper: two recorders, each by themselves.

import { bytesOf, hex, utf8 } from "../../draw/text.js";
import { hmac } from "../../draw/sha256.js";

/** Get a key where there is none, or where the one kept holds no more; try again once online. */
export async function keepKey(journal, line, anew = false) {
  const ask = async () => {
    const kept = await journal.get("key");
    if ((kept && !anew) || line.state !== "open") return;
    const { status, data } = await line.call("/api/key", { tablet: kept?.tablet ?? null });
    if (status === 200 && data.key) await journal.set("key", { tablet: data.tablet, key: data.key });
    if (status === 200) anew = false;
  };
  line.addEventListener("state", ask);
  await ask();
}

/** A text that ends with `}`, with its MAC put in as the last member. */
export function sealed(text, { key }) {
  const mac = hex(hmac(bytesOf(key))(utf8(text)));
  return `${text.slice(0, -1)},"mac":"${mac}"}`;
}
