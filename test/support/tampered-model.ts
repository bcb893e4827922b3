/** Model files whose headers or data somebody changed, with the checksums made right again. */
import { headerChecksumField } from "../../shared/artifact/artifact-header.ts";
import { checksumOf } from "../../shared/kernel/checksum.ts";

export interface TamperedHeader {
  __metadata__: Record<string, string>;
  [tensor: string]: unknown;
}

interface TensorEntry {
  dtype: string;
  shape: number[];
  data_offsets: [number, number];
}

export function tensorOf(header: TamperedHeader, name: string): TensorEntry {
  return header[name] as TensorEntry;
}

/** The file with another header, whose own checksum is right; those of the tensors stay as they were. */
export function withHeader(
  file: Uint8Array,
  edit: (header: TamperedHeader, data: Uint8Array) => void,
): Uint8Array {
  const headerLength = Number(new DataView(file.buffer, file.byteOffset).getBigUint64(0, true));
  const header: TamperedHeader = JSON.parse(new TextDecoder().decode(file.subarray(8, 8 + headerLength)));
  const data = file.slice(8 + headerLength);
  edit(header, data);
  header.__metadata__[headerChecksumField] = "0".repeat(16);
  const blank = new TextEncoder().encode(JSON.stringify(header));
  header.__metadata__[headerChecksumField] = checksumOf(blank);
  const signed = new TextEncoder().encode(JSON.stringify(header));
  const bytes = new Uint8Array(8 + signed.length + data.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(signed.length), true);
  bytes.set(signed, 8);
  bytes.set(data, 8 + signed.length);
  return bytes;
}

/** The file with other data in a tensor, and its checksum made right. */
export function withTensor(file: Uint8Array, name: string, edit: (bytes: Uint8Array) => void): Uint8Array {
  return withHeader(file, (header, data) => {
    const bytes = data.subarray(...tensorOf(header, name).data_offsets);
    edit(bytes);
    const checksums = JSON.parse(header.__metadata__.checksums!);
    header.__metadata__.checksums = JSON.stringify({ ...checksums, [name]: checksumOf(bytes) });
  });
}
