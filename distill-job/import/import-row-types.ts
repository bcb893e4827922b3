/** How the rows of an imported model can be stored. */

/** 2 and 1 bits are not among them: they need rows that were refined for it. */
export const importRowTypes = ["float32", "int8", "int4"] as const;
export type ImportRowType = (typeof importRowTypes)[number];
