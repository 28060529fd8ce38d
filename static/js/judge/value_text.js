// A value in a few words: 2 次, 2 档, 14 毫米, 合格, 08:02.0, 17.5.

import { wordsOf } from "./aspect_words.js";

export const valueText = (aspect, value) => wordsOf(aspect).text(aspect, value);
