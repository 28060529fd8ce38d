// QR codes (ISO/IEC 18004), as much as handing marks over needs: bytes, error
// correction level M, versions 1 to 20.

const EC_BYTES = [10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24, 28, 28, 26, 26, 26];
const BLOCKS = [1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10, 10, 11, 13, 14, 16];
const LARGEST = 20;

/** The field of 256 elements over x⁸+x⁴+x³+x²+1: powers of 2, and their logarithms. */
const POWER = new Uint8Array(510);
const LOG = new Uint8Array(256);
for (let exponent = 0, value = 1; exponent < 255; exponent++) {
  POWER[exponent] = POWER[exponent + 255] = value;
  LOG[value] = exponent;
  value = (value << 1) ^ (value & 0x80 ? 0x11d : 0);
}
const product = (a, b) => (a && b ? POWER[LOG[a] + LOG[b]] : 0);

/** Codewords of a version, of data and correction together. */
function codewords(version) {
  let modules = (16 * version + 128) * version + 64;
  if (version >= 2) {
    const marks = Math.floor(version / 7) + 2;
    modules -= (25 * marks - 10) * marks - 55;
  }
  return (version >= 7 ? modules - 36 : modules) >> 3;
}

const dataWords = (version) => codewords(version) - EC_BYTES[version - 1] * BLOCKS[version - 1];
const lengthBits = (version) => (version < 10 ? 8 : 16);

/** How many bytes fit into a code of this version. */
export const capacity = (version) => (dataWords(version) * 8 - 4 - lengthBits(version)) >> 3;

/** The code's modules, row by row, true for dark. mask: 0–7, or the least disturbing one. */
export function encode(bytes, mask) {
  let version = 1;
  while (version <= LARGEST && capacity(version) < bytes.length) version++;
  if (version > LARGEST) throw new RangeError("too much for one code");
  const grid = patterns(version);
  fill(grid, interleave(dataBytes(bytes, version), version));
  const masks = mask === undefined ? [0, 1, 2, 3, 4, 5, 6, 7] : [mask];
  const tried = masks.map((each) => masked(grid, each));
  return tried.reduce((best, each) => (disturbance(each) < disturbance(best) ? each : best));
}

function dataBytes(bytes, version) {
  const bits = [];
  const put = (value, length) => {
    for (let bit = length - 1; bit >= 0; bit--) bits.push((value >> bit) & 1);
  };
  put(4, 4);
  put(bytes.length, lengthBits(version));
  for (const byte of bytes) put(byte, 8);
  const room = dataWords(version) * 8;
  put(0, Math.min(4, room - bits.length));
  put(0, -bits.length & 7);
  for (let pad = 0xec; bits.length < room; pad ^= 0xec ^ 0x11) put(pad, 8);
  const words = new Uint8Array(room / 8);
  bits.forEach((bit, index) => { words[index >> 3] |= bit << (7 - (index & 7)); });
  return words;
}

/** The remainder that Reed and Solomon put behind a block. */
function correction(block, degree) {
  let divisor = [1];
  for (let root = 0; root < degree; root++) {
    const next = [...divisor, 0];
    divisor.forEach((factor, index) => { next[index + 1] ^= product(factor, POWER[root]); });
    divisor = next;
  }
  const rest = new Uint8Array(block.length + degree);
  rest.set(block);
  for (let index = 0; index < block.length; index++) {
    const lead = rest[index];
    divisor.forEach((factor, step) => { rest[index + step] ^= product(factor, lead); });
  }
  return rest.slice(block.length);
}

function interleave(data, version) {
  const count = BLOCKS[version - 1];
  const degree = EC_BYTES[version - 1];
  const short = Math.floor(data.length / count);
  const longer = data.length % count;
  const blocks = [];
  for (let index = 0, start = 0; index < count; index++) {
    const end = start + short + (index >= count - longer ? 1 : 0);
    blocks.push(data.slice(start, end));
    start = end;
  }
  const corrections = blocks.map((block) => correction(block, degree));
  const words = [];
  for (let at = 0; at <= short; at++) {
    for (const block of blocks) if (at < block.length) words.push(block[at]);
  }
  for (let at = 0; at < degree; at++) for (const each of corrections) words.push(each[at]);
  return words;
}

/** Everything but the data: {size, dark, fixed}, each size × size. */
function patterns(version) {
  const size = 17 + 4 * version;
  const dark = Array.from({ length: size }, () => new Array(size).fill(false));
  const fixed = Array.from({ length: size }, () => new Array(size).fill(false));
  const set = (row, column, value) => {
    if (row < 0 || column < 0 || row >= size || column >= size) return;
    dark[row][column] = Boolean(value);
    fixed[row][column] = true;
  };
  const square = (row, column, reach, isDark) => {
    for (let down = -reach; down <= reach; down++) {
      for (let right = -reach; right <= reach; right++) {
        set(row + down, column + right, isDark(Math.max(Math.abs(down), Math.abs(right))));
      }
    }
  };
  for (let at = 0; at < size; at++) {
    set(6, at, at % 2 === 0);
    set(at, 6, at % 2 === 0);
  }
  for (const [row, column] of [[3, 3], [3, size - 4], [size - 4, 3]]) {
    square(row, column, 4, (ring) => ring !== 2 && ring !== 4);
  }
  const marks = alignment(version, size);
  marks.forEach((row, first) => marks.forEach((column, second) => {
    const last = marks.length - 1;
    const corner = (!first && !second) || (!first && second === last) || (first === last && !second);
    if (!corner) square(row, column, 2, (ring) => ring !== 1);
  }));
  // Room for the format, which `masked` writes.
  for (let at = 0; at < 9; at++) {
    const places = [[8, at], [at, 8]];
    if (at < 8) places.push([8, size - 1 - at], [size - 1 - at, 8]);
    for (const [row, column] of places) if (!fixed[row][column]) set(row, column, false);
  }
  set(size - 8, 8, true);
  if (version >= 7) {
    const bits = (version << 12) | remainder(version, 12, 0x1f25);
    for (let bit = 0; bit < 18; bit++) {
      const [far, near] = [size - 11 + (bit % 3), Math.floor(bit / 3)];
      set(near, far, (bits >> bit) & 1);
      set(far, near, (bits >> bit) & 1);
    }
  }
  return { size, dark, fixed };
}

function alignment(version, size) {
  if (version === 1) return [];
  const count = Math.floor(version / 7) + 2;
  const step = Math.ceil((size - 13) / (count * 2 - 2)) * 2;
  const places = Array.from({ length: count - 1 }, (_none, index) => size - 7 - index * step);
  return [6, ...places.reverse()];
}

/** The remainder of value × 2^length by a generator of that length. */
function remainder(value, length, generator) {
  let rest = value;
  for (let step = 0; step < length; step++) {
    rest = (rest << 1) ^ ((rest >> (length - 1)) * generator);
  }
  return rest;
}

/** Put the codewords into the free modules, two columns at a time, up and down. */
function fill({ size, dark, fixed }, words) {
  let bit = 0;
  let up = true;
  for (let right = size - 1; right > 0; right -= right === 8 ? 3 : 2) {
    for (let step = 0; step < size; step++) {
      const row = up ? size - 1 - step : step;
      for (const column of [right, right - 1]) {
        if (fixed[row][column]) continue;
        dark[row][column] = Boolean((words[bit >> 3] >> (7 - (bit & 7))) & 1);
        bit++;
      }
    }
    up = !up;
  }
}

const MASKS = [
  (r, c) => (r + c) % 2, (r) => r % 2, (r, c) => c % 3, (r, c) => (r + c) % 3,
  (r, c) => (Math.floor(r / 2) + Math.floor(c / 3)) % 2, (r, c) => ((r * c) % 2) + ((r * c) % 3),
  (r, c) => (((r * c) % 2) + ((r * c) % 3)) % 2, (r, c) => (((r + c) % 2) + ((r * c) % 3)) % 2,
];

/** The finished code under a mask, with the format bits that name it. */
function masked({ size, dark, fixed }, mask) {
  const code = dark.map((line, row) => line.map((value, column) =>
    (fixed[row][column] ? value : value !== (MASKS[mask](row, column) === 0))));
  const bits = ((mask << 10) | remainder(mask, 10, 0x537)) ^ 0x5412;
  const first = [[0, 8], [1, 8], [2, 8], [3, 8], [4, 8], [5, 8], [7, 8], [8, 8], [8, 7], [8, 5],
    [8, 4], [8, 3], [8, 2], [8, 1], [8, 0]];
  first.forEach(([row, column], bit) => {
    const value = Boolean((bits >> bit) & 1);
    code[row][column] = value;
    if (bit < 8) code[8][size - 1 - bit] = value;
    else code[size - 15 + bit][8] = value;
  });
  return code;
}

/** How much a code disturbs a reader: long runs, blocks of one shade, too dark or too light. */
function disturbance(code) {
  const size = code.length;
  let points = 0;
  let darkOnes = 0;
  for (let row = 0; row < size; row++) {
    for (const line of [code[row], code.map((each) => each[row])]) {
      let run = 1;
      for (let at = 1; at <= size; at++) {
        if (at < size && line[at] === line[at - 1]) run++;
        else {
          if (run >= 5) points += run - 2;
          run = 1;
        }
      }
    }
    for (let column = 0; column < size; column++) {
      const value = code[row][column];
      if (value) darkOnes++;
      if (row && column && value === code[row - 1][column] && value === code[row][column - 1]
        && value === code[row - 1][column - 1]) points += 3;
    }
  }
  return points + Math.floor(Math.abs(darkOnes / (size * size) - 0.5) * 20) * 10;
}
