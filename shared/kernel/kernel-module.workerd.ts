/** The kernel as the module that workerd has compiled: it refuses to compile bytes at run time. */
import kernelModule from "./kernel.wasm";

export { kernelModule };
