/** The packages that run ONNX files. */
import { NearvecError } from "../../shared/errors.ts";
import type { OnnxRuntime } from "./onnx-teacher.ts";

/**
 * `wasm` (onnxruntime-web) gives the same bytes on every machine; `native` (onnxruntime-node, where the user
 * has installed it) is several times faster.
 */
export const runtimes = ["wasm", "native"] as const;
export type Runtime = (typeof runtimes)[number];

/** Warnings about the graph are its exporter's business, and errors are thrown: 4 prints neither. */
const quiet = { logSeverityLevel: 4 } as const;

/**
 * Imports a runtime, set up to use one thread.
 * @throws NearvecError invalid_request if it is not installed
 */
export async function importRuntime(runtime: Runtime): Promise<OnnxRuntime> {
  return runtime === "wasm" ? importWasm() : importNative();
}

async function importWasm(): Promise<OnnxRuntime> {
  const ort = await import("onnxruntime-web").catch((cause: unknown) => {
    throw new NearvecError(
      "invalid_request",
      "Expected onnxruntime-web, which runs teachers, it does not load. Run `npm install onnxruntime-web`.",
      { param: "runtime", cause },
    );
  });
  ort.env.wasm.numThreads = 1;
  ort.env.logLevel = "fatal";
  return {
    version: `onnxruntime-web ${ort.env.versions.web}`,
    createSession: (model, weights) =>
      ort.InferenceSession.create(model, { ...quiet, externalData: weights, executionProviders: ["wasm"] }),
    createTensor: (data, shape) => new ort.Tensor("int64", data, shape),
  };
}

async function importNative(): Promise<OnnxRuntime> {
  const ort = await import("onnxruntime-node").catch((cause: unknown) => {
    throw new NearvecError(
      "invalid_request",
      "Expected onnxruntime-node for --runtime native, it does not load. Run `npm install onnxruntime-node`, or use --runtime wasm.",
      { param: "runtime", cause },
    );
  });
  return {
    version: `onnxruntime-node ${ort.env.versions.node}`,
    // It does not take shared memory, hence the copies.
    createSession: (model, weights) =>
      ort.InferenceSession.create(model.slice(), {
        ...quiet,
        externalData: weights.map(({ path, data }) => ({ path, data: data.slice() })),
        intraOpNumThreads: 1,
      }),
    createTensor: (data, shape) => new ort.Tensor("int64", data, shape),
  };
}
