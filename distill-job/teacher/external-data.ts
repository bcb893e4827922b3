/**
 * Weights that an ONNX file keeps in other files, since it may not be larger than 2 GiB.
 * Field numbers: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto
 */
import { NearvecError } from "../../shared/errors.ts";

/** A file beside the ONNX file, under the name that the graph has for it. */
export interface ExternalData {
  readonly path: string;
  readonly data: Uint8Array;
}

const wireVarint = 0;
const wireFixed64 = 1;
const wireBytes = 2;
const wireFixed32 = 5;

const graphOfModel = 7;
const initializerOfGraph = 5;
const externalDataOfTensor = 13;
const keyOfEntry = 1;
const valueOfEntry = 2;

/**
 * The files that the constants of an ONNX file are in, relative to its directory, each once.
 * Constants in branches and loops are not looked at: exporters put weights on top.
 *
 * @returns none for what is no ONNX file: the runtime says so better
 * @throws NearvecError teacher_invalid for a name that leads out of the directory
 */
export function externalDataPaths(onnx: Uint8Array): string[] {
  const paths = new Set<string>();
  try {
    for (const graph of messages(onnx, graphOfModel)) {
      for (const tensor of messages(graph, initializerOfGraph)) {
        const location = locationOf(tensor);
        if (location !== undefined) paths.add(location);
      }
    }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return [];
  }
  for (const path of paths) {
    if (/^([/\\]|[A-Za-z]:)/.test(path) || path.split(/[/\\]/).includes("..")) {
      throw new NearvecError(
        "teacher_invalid",
        `Expected the ONNX file to keep its weights beside itself, got ${JSON.stringify(path)}. Export it again.`,
        { param: "onnx" },
      );
    }
  }
  return [...paths];
}

function locationOf(tensor: Uint8Array): string | undefined {
  const decoder = new TextDecoder();
  for (const entry of messages(tensor, externalDataOfTensor)) {
    const [key] = messages(entry, keyOfEntry);
    const [value] = messages(entry, valueOfEntry);
    if (key !== undefined && value !== undefined && decoder.decode(key) === "location") {
      return decoder.decode(value);
    }
  }
  return undefined;
}

/**
 * The fields of one number that hold bytes, text or messages.
 * @throws RangeError if it is no message
 */
function* messages(message: Uint8Array, wanted: number): Generator<Uint8Array> {
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = message[at++];
      if (byte === undefined || scale > 2 ** 63) throw new RangeError("Expected more bytes.");
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  };
  while (at < message.length) {
    const tag = varint();
    switch (tag % 8) {
      case wireVarint:
        varint();
        break;
      case wireFixed64:
        at += 8;
        break;
      case wireFixed32:
        at += 4;
        break;
      case wireBytes: {
        const end = varint() + at;
        if (end > message.length) throw new RangeError("Expected more bytes.");
        if (Math.floor(tag / 8) === wanted) yield message.subarray(at, end);
        at = end;
        break;
      }
      default:
        throw new RangeError(`Expected a wire type of Protocol Buffers, got ${tag % 8}.`);
    }
  }
}
