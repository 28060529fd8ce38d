// QR codes through the camera: with the browser's own reader where it has one, else (iPad,
// Windows, HarmonyOS) with zxing, a megabyte that is fetched when somebody asks to scan.

const FORMATS = ["qr_code"];
/** Milliseconds between two looks. */
const PAUSE = 150;

/** Whether this page may use a camera; browsers allow it by HTTPS alone. */
export const mayUseCamera = () => Boolean(globalThis.isSecureContext && navigator.mediaDevices?.getUserMedia);

/** The browser's reader. Some have one in name only, which reads no format at all. */
async function ownReader() {
  const Own = globalThis.BarcodeDetector;
  const formats = await Own?.getSupportedFormats?.().catch(() => []);
  return formats?.includes("qr_code") ? new Own({ formats: FORMATS }) : null;
}

async function fetchedReader() {
  const { module, wasm } = JSON.parse(document.getElementById("code-reader").textContent);
  const { BarcodeDetector, prepareZXingModule } = await import(new URL(module, location.href).href);
  // Here and now: without this the library asks another site for its other half.
  await prepareZXingModule({ overrides: { locateFile: () => wasm }, fireImmediately: true });
  return new BarcodeDetector({ formats: FORMATS });
}

/**
 * Look through the camera until told to stop. `seen(text)` hears each code, again and again
 * while it is in sight; `trouble("camera" | "reader")` hears what is missing. Returns how to stop.
 */
export function watch(video, { seen, trouble }) {
  let on = true;
  let stream = null;
  const stop = () => {
    on = false;
    for (const track of stream?.getTracks() ?? []) track.stop();
  };
  const begin = async () => {
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
      if (!on) return stop();
      video.srcObject = stream;
      video.hidden = false;
      await video.play();
    } catch {
      return on && trouble("camera");
    }
    const reader = await ownReader().then((own) => own ?? fetchedReader()).catch(() => null);
    if (!reader) {
      stop();
      video.hidden = true;
      return trouble("reader");
    }
    const look = async () => {
      if (!on) return;
      for (const { rawValue } of await reader.detect(video).catch(() => [])) if (on) seen(rawValue);
      setTimeout(look, PAUSE);
    };
    return look();
  };
  begin();
  return stop;
}
