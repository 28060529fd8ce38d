// Passkeys: a form with data-passkey asks the browser to make one or to sign with one, and sends
// the browser's answer in its hidden field.

import { show } from "../shared/dom.js";

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
const words = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const ids = (list) => (list || []).map((key) => ({ ...key, id: bytes(key.id) }));

/** The options as the browser wants them, with bytes for texts. */
function unpacked(options) {
  const ready = { ...options, challenge: bytes(options.challenge) };
  if (options.user) ready.user = { ...options.user, id: bytes(options.user.id) };
  if (options.excludeCredentials) ready.excludeCredentials = ids(options.excludeCredentials);
  if (options.allowCredentials) ready.allowCredentials = ids(options.allowCredentials);
  return ready;
}

/** The browser's answer as JSON, with texts for bytes. */
function packed(credential) {
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[name]) response[name] = words(credential.response[name]);
  }
  return JSON.stringify({ id: credential.id, rawId: words(credential.rawId), type: credential.type, response });
}

async function ask(form) {
  const publicKey = unpacked(JSON.parse(form.dataset.options));
  try {
    const credential = form.dataset.passkey === "create" ? await navigator.credentials.create({ publicKey }) : await navigator.credentials.get({ publicKey });
    form.elements.passkey.value = packed(credential);
    form.submit();
  } catch {
    show(form.querySelector("[data-part=failed]"), true);
  }
}

if (window.PublicKeyCredential && navigator.credentials) {
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    show(form, true);
    show(form.closest("[data-whole=passkey]"), true);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      ask(form);
    });
  }
}
