/**
 * What the elements of packed rows stand for. Plain constants, so that AssemblyScript and TypeScript read
 * one file.
 */

/**
 * The levels of int2 rows: those of the Lloyd-Max quantizer of a Gaussian with four levels, 0.4528 and 1.5104
 * standard deviations (J. Max, "Quantizing for minimum distortion", 1960, table I), in proportion.
 */
export const int2Inner = 38;
export const int2Outer = 127;

/** What is added to an int4 value before it is stored. */
export const int4Bias = 8;
