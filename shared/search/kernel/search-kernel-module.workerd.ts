/** The search kernel as the module that workerd has compiled: it refuses to compile bytes at run time. */
import searchKernelModule from "./search-kernel.wasm";

export { searchKernelModule };
