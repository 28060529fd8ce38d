// 拍照: photos with a sheet or one of its aspects, those that wait and those stored.

import { openDialog } from "../shared/dialog.js";
import { clone, parts, press, show, write } from "../shared/dom.js";
import { _ } from "../shared/words.js";

/** page: {markedSheet, opened}; queue: the photos of this tablet. Draws the button's count. */
export function photoButton(button, words, page, queue) {
  const { markedSheet } = page;
  const mine = () => queue.waiting.filter((photo) => photo.sheet === markedSheet.server.id);
  const all = () => markedSheet.server.photos ?? [];
  // One that is offered again after a backup was restored waits, whatever the page knew before.
  const stored = () => all().filter(({ uuid }) => !mine().some((photo) => photo.uuid === uuid));
  const draw = () => {
    const count = mine().length + stored().length;
    write(words, count ? _("照片 %(count)s 张", { count }) : _("拍照"));
  };
  queue.addEventListener("held", ({ detail: photo }) => {
    if (photo.sheet !== markedSheet.server.id || all().some((other) => other.uuid === photo.uuid)) return;
    markedSheet.server.photos = [...all(), { uuid: photo.uuid, aspect: photo.aspect }];
  });
  for (const source of [queue, markedSheet]) source.addEventListener("change", draw);
  press(button, () => dialog(page, queue, { mine, stored }));
  draw();
}

function dialog(page, queue, { mine, stored }) {
  const { markedSheet } = page;
  const root = clone("t-photos");
  const part = parts(root);
  const urls = new Map();
  const name = (code) => markedSheet.aspects.find((aspect) => aspect.code === code)?.name ?? _("整张表");
  for (const aspect of markedSheet.aspects) part.aspect.add(new Option(aspect.name, aspect.code));
  if (page.opened) part.aspect.value = page.opened;

  const picture = (source, aspect, note) => {
    const item = clone("t-photo");
    const inner = parts(item);
    inner.image.src = source;
    inner.image.alt = _("照片：%(what)s", { what: name(aspect) });
    write(inner.what, name(aspect));
    write(inner.note, note);
    return item;
  };
  const draw = () => {
    part.list.replaceChildren(
      ...stored().map(({ uuid, aspect }) => picture(
        `/api/sheets/${encodeURIComponent(markedSheet.server.id)}/photos/${uuid}`, aspect, _("已上传"))),
      ...mine().map((photo) => {
        if (!urls.has(photo.uuid)) urls.set(photo.uuid, URL.createObjectURL(photo.picture));
        return picture(urls.get(photo.uuid), photo.aspect, _("已存本机"));
      }));
    show(part.none, !part.list.children.length);
    show(part.take, !markedSheet.server.locked);
  };
  part.file.addEventListener("change", async () => {
    const [file] = part.file.files;
    part.file.value = "";
    if (!file) return;
    const aspect = part.aspect.value || null;
    const label = { code: markedSheet.server.code, aspect: name(aspect) };
    const kept = await queue.add(markedSheet.server.id, aspect, file, label);
    show(part.problem, !kept || queue.fragile);
    write(part.sentence, kept ? _("本机存不下了，传完以前别关这一页") : _("这个文件不是照片，没有存"));
  });
  queue.addEventListener("change", draw);
  const close = openDialog(root, part.title.textContent, () => {
    queue.removeEventListener("change", draw);
    for (const url of urls.values()) URL.revokeObjectURL(url);
  });
  press(part.close, close);
  draw();
}
