/**
 * Writes the digests of vectors that this machine's Node computes to test/parity/golden/encode-bits.json.
 * To be run when the arithmetic changes on purpose:
 *
 *   node test/parity/generators/encode-bits.ts
 */
import { writeFileSync } from "node:fs";
import { encodeDigests } from "../encode-bits.ts";

const file = new URL("../golden/encode-bits.json", import.meta.url);
writeFileSync(file, `${JSON.stringify(await encodeDigests(), null, 1)}\n`);
