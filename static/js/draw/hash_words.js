// Four words for a hash, as the program shows and prints them: ten bits a word.

import { WORDS } from "./word_list.js";

/** The words of a hash in hexadecimal digits, with spaces between. */
export function hashWords(digits) {
  const words = [];
  for (let bit = 0; bit < 40; bit += 10) {
    // Twelve bits from the digit where the word begins, less those that are too many.
    const from = bit >> 2;
    const bits = parseInt(digits.slice(from, from + 3), 16);
    words.push(WORDS[(bits >> (2 - (bit % 4))) & 0x3ff]);
  }
  return words.join(" ");
}
