// 存成图片: the result card of the page drawn as a picture, on the phone itself.
// Browsers inside other apps keep no downloads, so the picture is shown as well, to be held and
// saved.

import { openDialog } from "../shared/dialog.js";
import { clone, pageData, parts, press } from "../shared/dom.js";

const WIDTH = 1080;
const EDGE = 72;
const FONT = '"PingFang SC","Noto Sans SC","Noto Sans CJK SC","Source Han Sans SC","Microsoft YaHei",system-ui,sans-serif';

/** Lines of at most `width`; a text without spaces breaks between any two characters. */
export function broken(text, width, measure) {
  const lines = [""];
  for (const piece of text.match(/[A-Za-z0-9.,-]+|\s|.[、，。；）]?/gu) ?? []) {
    const longer = lines[lines.length - 1] + piece;
    if (measure(longer) <= width || !lines[lines.length - 1]) lines[lines.length - 1] = longer;
    else lines.push(piece.trimStart());
  }
  return lines;
}

/** Put texts under each other; with `draw` false only says how far down they reach. */
function laid(pen, data, draw) {
  let down = EDGE;
  const write = (text, size, { weight = 400, colour = "#FFFFFF", right = "", gap = 18 } = {}) => {
    const font = `${weight} ${size}px ${FONT}`;
    pen.font = font;
    const room = WIDTH - 2 * EDGE - (right ? pen.measureText(right).width + 24 : 0);
    const lines = broken(text, room, (piece) => pen.measureText(piece).width);
    lines.forEach((line, number) => {
      down += size * 1.25;
      if (!draw) return;
      pen.font = font;
      pen.fillStyle = colour;
      pen.textAlign = "left";
      pen.fillText(line, EDGE, down);
      if (number || !right) return;
      pen.textAlign = "right";
      pen.fillText(right, WIDTH - EDGE, down);
    });
    down += gap;
  };
  write(data.heading, 40, { weight: 600 });
  if (data.subheading) write(data.subheading, 32, { gap: 40 });
  write(data.name, 64, { weight: 600 });
  write(data.who, 36, { gap: 12 });
  write(data.chip, 32, { gap: 40 });
  for (const [label, value] of data.figures) write(label, 44, { weight: 600, right: value, gap: 22 });
  for (const award of data.awards) write(award, 56, { weight: 600, gap: 12 });
  if (data.awards.length) down += 28;
  const card = down;
  down += 36;
  for (const [label, value] of data.modules) write(label, 40, { colour: "#172125", right: value });
  for (const line of data.foot) write(line, 28, { colour: "#445055", gap: 8 });
  return { card, end: down + EDGE };
}

/** The picture of a result: {heading, subheading, name, who, chip, figures, awards, modules, foot}. */
export function drawn(data) {
  const canvas = document.createElement("canvas");
  canvas.width = WIDTH;
  const { card, end } = laid(canvas.getContext("2d"), data, false);
  canvas.height = Math.ceil(end);
  const pen = canvas.getContext("2d");
  pen.fillStyle = "#FFFFFF";
  pen.fillRect(0, 0, WIDTH, end);
  pen.fillStyle = "#0F5566";
  pen.fillRect(0, 0, WIDTH, card);
  laid(pen, data, true);
  return canvas;
}

const button = document.querySelector("[data-part=picture]");
if (button) {
  button.hidden = false;
  press(button, async () => {
    const picture = await new Promise((done) => { drawn(pageData("picture-data")).toBlob(done, "image/png"); });
    const address = URL.createObjectURL(picture);
    const box = clone("t-picture");
    const part = parts(box);
    part.image.src = address;
    part.save.href = address;
    const close = openDialog(box, part.title.textContent, () => URL.revokeObjectURL(address));
    press(part.close, close);
  });
}
