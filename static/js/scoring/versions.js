// What the versions of the format read differently, each thing said once. A file keeps its version.

const FIRST = {
  isFirst: true,
  everyStage: false,
  codeDecides: true,
  vetoRank: () => "keep",
};

const SECOND = {
  isFirst: false,
  everyStage: true,
  codeDecides: false,
  vetoRank: ({ veto_rank: rank }) => rank ?? "none",
};

export const VERSIONS = { "compete-bundle/1": FIRST, "compete-bundle/2": SECOND };

/** How a file is read; one of a version that there is not by the newest. */
export const versionOf = ({ format }) => VERSIONS[format] ?? SECOND;
