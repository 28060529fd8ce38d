// What a judge signs with: the name, drawn or typed, and the PIN.
// Used under one sheet and under many.

import { block, clock, clone, parts, press, show, write } from "../../shared/dom.js";
import { keepHand, lastHand } from "./hand.js";
import { pad } from "./pad.js";
import { pinPad } from "./pin.js";
import { _ } from "../../shared/words.js";

/**
 * job: {judge, name, line, hasPin() → as far as the server has said, label() → the words of the act,
 *       waits() → why it can't be done now or "", sign({pin, drawing|name}),
 *       soon?() → whether only the answer to that is awaited, about?() → what would be signed,
 *       stays: whether the box stands on after signing; then the name goes with the PIN}.
 * `sign` resolves with {} when done, or {problem, pin: whether it was the PIN}.
 */
export function signBox(job) {
  const root = clone("t-sign");
  const part = parts(root);
  let hand = lastHand(job.judge);
  let chosen = false;
  const hasPin = () => chosen || job.hasPin();
  let first = "";
  let busy = false;
  /** What was on the screen when Enter came before the server's word: signed once it may be. */
  let wanted = null;

  const box = pad(part.canvas, () => {
    hand = box.signed ? { drawing: box.drawing() } : null;
    draw();
  });
  if (hand?.drawing) box.show(hand.drawing);
  const pin = pinPad({ label: "", changed: () => typedPin(), confirm: () => act() });
  part.pin.append(pin.root);

  const typedPin = () => {
    wanted = null;
    draw();
  };
  const typing = (byKeys) => {
    show(part.drawn, !byKeys);
    show(part.typedbox, byKeys);
    write(part.othertext, byKeys ? _("改用手写") : _("没法手写，打名字"));
    hand = byKeys ? typed() : box.signed ? { drawing: box.drawing() } : null;
  };
  const typed = () => {
    const name = part.typed.value.trim();
    return name ? { name } : null;
  };
  part.typed.addEventListener("input", () => {
    hand = typed();
    draw();
  });
  press(part.other, () => {
    typing(part.typedbox.hidden);
    draw();
    if (!part.typedbox.hidden) part.typed.focus();
  });
  const wipe = () => {
    box.clear();
    part.typed.value = "";
    hand = null;
    keepHand(job.judge, null);
    draw();
  };
  press(part.again, wipe);
  press(part.sign, () => act());

  /** What must be done before signing, or "". */
  function missing() {
    return job.waits() || lacking();
  }

  function lacking() {
    if (!hand) return part.typedbox.hidden ? _("先在框里签名") : _("先写上名字");
    if (pin.short) return hasPin() ? _("再输 PIN") : _("先设一个 PIN，4 到 6 位数字");
    return "";
  }

  /** Name and PIN are asked for once it can be done; from then on they stay. */
  let offered = false;

  function draw() {
    offered = offered || !job.waits() || Boolean(job.soon?.());
    for (const place of [part.hand, part.pin, part.sign]) show(place, offered);
    pin.label(hasPin() ? _("PIN") : first ? _("再输一次") : _("先设一个 PIN，4 到 6 位数字，别告诉别人"));
    write(part.by, `${job.name} ${clock(Date.now())}`);
    write(part.signwords, !hasPin() ? (first ? _("设好 PIN") : _("接着")) : job.label());
    const soon = wanted !== null && job.soon() ? _("正在问服务器，问到就签") : "";
    write(part.why, busy ? _("正在签") : soon || missing() || _("签完显示四个词，和纸上核对"));
    block(part.sign, busy || Boolean(missing()));
    block(part.again, busy);
    if (wanted === null || job.soon()) return;
    const same = wanted === job.about();
    wanted = null;
    if (same && !missing()) act();
    else if (missing()) pin.tell(missing());
  }

  async function act() {
    if (!busy && !lacking() && hasPin() && job.soon?.()) {
      wanted = job.about();
      draw();
      return;
    }
    if (busy || missing()) return;
    busy = true;
    pin.wait(true);
    draw();
    const problem = hasPin() ? await sign() : await choose();
    busy = false;
    pin.wait(false);
    // One PIN for one act: what is chosen afterwards asks for it anew.
    pin.clear();
    if (problem === null && job.stays) wipe();
    draw();
    if (problem) pin.tell(problem);
    if (problem !== null) pin.focus();
  }

  /** The PIN is chosen by typing it twice; null when all is over. */
  async function choose() {
    if (!first) {
      first = pin.digits;
      return "";
    }
    const { status, refusal } = await job.line.call("/api/pin", { pin: first, again: pin.digits });
    first = "";
    if (status !== 200 && status !== 409) return refusal?.error ?? unheard();
    chosen = true;
    return "";
  }

  async function sign() {
    keepHand(job.judge, hand);
    const { problem } = await job.sign({ pin: pin.digits, ...hand });
    return problem ?? null;
  }

  if (hand?.name) {
    part.typed.value = hand.name;
    typing(true);
  }
  draw();
  return { root, draw, focus: () => (hand ? pin.focus() : root.focus()) };
}

/** No answer came. */
export const unheard = () => _("网络断了，没签上。连上网再签，分数都在");
