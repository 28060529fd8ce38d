// A party's own link: what the desk is asked and told over the network.
//
// The seal may leave at once. The share leaves only when the head is published and has this seal in
// it, and that of the spare only when the openings are fixed: both are worked out here.

import { headOf, openingsOf } from "../../draw/hashing.js";
import { inSlices } from "../../draw/slices.js";
import { _ } from "../../shared/words.js";

const ADDRESS = "/draw/party";

async function post(address, fields) {
  let reply;
  try {
    reply = await fetch(address, { method: "POST", body: new URLSearchParams(fields), credentials: "omit" });
  } catch {
    throw new Error(_("网络断了。连上再按一次，或者给组委会的电脑扫码。"));
  }
  const answer = await reply.json().catch(() => ({}));
  if (!reply.ok) throw new Error(answer.error ?? _("没有送到。再按一次，或者给组委会的电脑扫码。"));
  return answer;
}

export const handIn = (to, seal) => post(`${ADDRESS}/seal`, { to, seal });

/** {head, openings?} of the published file that has this share's seal; throws why it is too early. */
export async function askParty({ to, seal, name, ceremony, number }) {
  const answer = await post(ADDRESS, { to });
  if (answer.opened) throw new Error(_("这个签已经拆了。"));
  if (answer.seal !== seal) throw new Error(_("组委会登记的不是这个封签，不能拆。"));
  if (answer.phase === "preparing") throw new Error(_("封存值还没公布，现在不能拆。"));
  if (answer.spare && answer.phase === "opening") throw new Error(_("先公布拆签值，再拆备签。"));
  if (answer.phase !== (answer.spare ? "fixed" : "opening")) throw new Error(_("拆签的时间过了。"));
  const file = await (await fetch(answer.file, { credentials: "omit" })).json();
  const own = answer.spare ? file.spare : file.parties.find((party) => party.name === name);
  if (file.ceremony !== ceremony || file.number !== number || own?.name !== name || own.seal !== seal) {
    throw new Error(_("公布的封存值里没有你的封签，不要拆，问组委会。"));
  }
  const head = await inSlices(headOf(file));
  return { head, openings: answer.spare ? openingsOf(file, head) : "" };
}

/** The share and its key leave this device now; what is published is looked at once more first. */
export async function openOver(kept) {
  await askParty(kept);
  return post(`${ADDRESS}/open`, { to: kept.to, share: kept.share, key: kept.key });
}
