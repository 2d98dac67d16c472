/** What the list of keys says of those of a replay: on its own, for that list is there before any replay is. */
export const replayKeys = {
  title: "In replay",
  deeds: {
    play: "Play, pause",
    step: "One step back, on",
    seconds: "Five seconds back, on",
    tenth: "A tenth of the whole back, on",
    marker: "Previous, next marker",
    speed: "Slower, faster",
    idle: "Skip idle stretches, or play them",
    live: "Go live",
  },
} as const;
