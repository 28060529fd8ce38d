// What a judge's page keeps and sends: acts of sheets, and photos.

import { Keeping } from "../../keeping/keeping.js";
import { PhotoQueue } from "./photo_queue.js";

const IN = new Set(["submitted", "signed"]);

/** judge: the public id of whose tablet this is. */
export const judgesKeeping = (judge) => new Keeping(judge, {
  path: "/api/acts",
  photosOf: (line) => new PhotoQueue(judge, line),
  // Two tabs handed the same sheet in at once: it is in, which is all that both wanted.
  isDone: ({ kind, sheet }, sheets) => kind === "submit" && IN.has(sheets[sheet]?.state),
});
