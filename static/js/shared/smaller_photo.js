// Photos are made smaller as they are taken, before they are kept or sent: on a judge's tablet
// and with an appeal. Drawn anew, they lose place and camera too.

const LONGEST_SIDE = 1600;
const QUALITY = 0.82;

/** At most 1600 pixels long, as a JPEG; null where the browser can't draw it. */
export async function smallerPhoto(file) {
  try {
    const bitmap = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, LONGEST_SIDE / Math.max(bitmap.width, bitmap.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(bitmap.width * scale));
    canvas.height = Math.max(1, Math.round(bitmap.height * scale));
    canvas.getContext("2d").drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    bitmap.close();
    return await new Promise((made) => { canvas.toBlob(made, "image/jpeg", QUALITY); });
  } catch {
    return null;
  }
}
