// Checking Ed25519 signatures: by the browser itself where it can, else by a library.
// Browsers have no crypto.subtle on plain HTTP, and older ones don't know the curve.

import { textBytes } from "./encoding.js";

const PUBLIC = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";
const SIGNATURE =
  "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555f" +
  "b8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b";

const unhex = (text) => Uint8Array.from(text.match(/../g), (pair) => parseInt(pair, 16));

/**
 * Make a checker: (key, message, signature) gives a promise of true or false.
 * `vendor` is the address of the folder with the libraries, such as /static/vendor;
 * they are fetched only where the browser itself can't. Null where neither works.
 */
export async function signatureChecker(vendor) {
  for (const make of [byBrowser, byLibrary]) {
    const check = await make(vendor).catch(() => null);
    if (check && (await isRight(check))) return check;
  }
  return null;
}

/** By crypto.subtle alone; rejects where there is none. */
export async function byBrowser() {
  const { subtle } = globalThis.crypto;
  if (!subtle) throw new Error("no crypto.subtle");
  return async (key, message, signature) => {
    try {
      const imported = await subtle.importKey("raw", key, "Ed25519", false, ["verify"]);
      return await subtle.verify("Ed25519", imported, signature, message);
    } catch {
      return false;
    }
  };
}

/** By the library alone; rejects where it can't be fetched or the browser is too old for it. */
export async function byLibrary(vendor) {
  const curve = await import(`${vendor}/noble-ed25519/index.js`);
  // Before Chrome 85 its hashes cannot be read: then the browser's own, which there is by HTTPS.
  const hashes = await import(`${vendor}/noble-hashes/sha2.js`).catch(() => null);
  if (!hashes && !globalThis.crypto.subtle) throw new Error("no SHA-512");
  if (hashes) curve.hashes.sha512 = hashes.sha512;
  const verify = hashes ? curve.verify : curve.verifyAsync;
  return async (key, message, signature) => {
    try {
      return await verify(signature, message, key, { zip215: false });
    } catch {
      return false;
    }
  };
}

/** Whether a checker takes the first example of RFC 8032, and nothing else. */
async function isRight(check) {
  const [key, signature] = [unhex(PUBLIC), unhex(SIGNATURE)];
  const right = await check(key, new Uint8Array(0), signature);
  return right && !(await check(key, textBytes("x"), signature));
}
