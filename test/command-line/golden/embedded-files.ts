/** The files that Python reads: their arguments for `nearvec embed`, the same for generator and test. */

export const embeddedTexts = [
  "hello world",
  "the far edge",
  "",
  "vectors near a world",
  "nothing of this is known: 北京",
  ...Array.from({ length: 40 }, (_, i) => "hello the edge is near ".repeat((i % 7) + 1).trim()),
];

export const embeddedFiles: Readonly<Record<string, readonly string[]>> = {
  "float32.npy": [],
  "float32.safetensors": [],
  "five.npy": ["--dims", "5"],
  "long.safetensors": ["--no-normalize"],
  "int8.npy": ["--dtype", "int8"],
  "uint8.safetensors": ["--dtype", "uint8"],
  "binary.npy": ["--dtype", "binary"],
  "ubinary.safetensors": ["--dtype", "ubinary", "--dims", "7"],
};
