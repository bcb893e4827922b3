/** The smallest number above 0 in single precision, which the kernel counts in: what a score has that is not nothing. */
export const leastPositive = 2 ** -149;
