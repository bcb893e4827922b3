/** The search kernel, compiled from the bytes that `npm run build` puts into a module: for Node and browsers. */
import { searchKernelBytes } from "./search-kernel-bytes.generated.ts";

const binary = Uint8Array.from(atob(searchKernelBytes), (character) => character.charCodeAt(0));

export const searchKernelModule = new WebAssembly.Module(binary);
