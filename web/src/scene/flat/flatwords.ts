/** What stands on the flat drawing. */
export const flatWords = { waiting: "Waiting" } as const;
