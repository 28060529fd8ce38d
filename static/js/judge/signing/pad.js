// A box to sign in: by finger, pen or mouse.
// What is drawn is kept as SVG path data, whole pixels, so that it stays small and can be drawn
// again at any size.

const INK = 3;
const STEP = 3;

/** The strokes of a drawing, in a box of another size. */
function strokesOf({ path, width, height }, box) {
  const [across, down] = [box.width / width || 1, box.height / height || 1];
  return path.split("M").slice(1).map((stroke) => stroke.split("L").map((at) => {
    const [x, y] = at.trim().split(/[\s,]+/).map(Number);
    return [Math.round(x * across), Math.round(y * down)];
  }));
}

/** Wire a canvas. Returns {drawing(), show(), clear(), signed}; `changed` is called after each stroke. */
export function pad(canvas, changed = () => {}) {
  const pen = canvas.getContext("2d");
  let strokes = [];
  let stroke = null;
  /** A drawing that is to be shown as soon as the box has a size. */
  let before = null;

  function size() {
    const { width, height } = canvas.getBoundingClientRect();
    if (before && width) {
      strokes = strokesOf(before, { width, height });
      before = null;
    }
    const dense = devicePixelRatio || 1;
    canvas.width = Math.round(width * dense);
    canvas.height = Math.round(height * dense);
    pen.setTransform(dense, 0, 0, dense, 0, 0);
    pen.lineWidth = INK;
    pen.lineCap = pen.lineJoin = "round";
    pen.strokeStyle = getComputedStyle(canvas).color;
    for (const trace of strokes) trace.reduce((from, to) => (line(from, to), to));
  }

  function line(from, to) {
    pen.beginPath();
    pen.moveTo(...from);
    pen.lineTo(...to);
    pen.stroke();
  }

  function place(event) {
    const box = canvas.getBoundingClientRect();
    return [Math.round(event.clientX - box.left), Math.round(event.clientY - box.top)];
  }

  canvas.addEventListener("pointerdown", (event) => {
    if (stroke) return;
    canvas.setPointerCapture(event.pointerId);
    stroke = [place(event)];
    strokes.push(stroke);
    event.preventDefault();
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!stroke) return;
    for (const pointer of event.getCoalescedEvents?.() ?? [event]) {
      const last = stroke.at(-1);
      const next = place(pointer);
      if (Math.hypot(next[0] - last[0], next[1] - last[1]) < STEP) continue;
      stroke.push(next);
      line(last, next);
    }
  });
  for (const end of ["pointerup", "pointercancel"]) {
    canvas.addEventListener(end, () => {
      stroke = null;
      changed();
    });
  }
  new ResizeObserver(size).observe(canvas);
  size();

  return {
    get signed() {
      return strokes.some((trace) => trace.length > 1);
    },
    /** {path, width, height} as the server takes it, or null while nothing is drawn. */
    drawing() {
      if (!this.signed) return null;
      const { width, height } = canvas.getBoundingClientRect();
      const path = strokes.filter((trace) => trace.length > 1)
        .map((trace) => `M${trace.map((at) => at.join(" ")).join("L")}`).join("");
      return { path, width: Math.round(width), height: Math.round(height) };
    },
    /** Put a drawing made before into the box. */
    show(drawing) {
      before = drawing;
      size();
    },
    clear() {
      before = null;
      strokes = [];
      stroke = null;
      pen.clearRect(0, 0, canvas.width, canvas.height);
      changed();
    },
  };
}
