/** The kernel, compiled from the bytes that `npm run build` puts into a module: for Node and browsers. */
import { kernelBytes } from "./kernel-bytes.generated.ts";

const binary = Uint8Array.from(atob(kernelBytes), (character) => character.charCodeAt(0));

export const kernelModule = new WebAssembly.Module(binary);
