/** A process that never finishes writing the file that it is given: for tests of interruptions. */
import { replaceFile } from "../../distill-job/output/replace-file.ts";

async function* endless(): AsyncGenerator<Uint8Array> {
  for (;;) {
    yield new Uint8Array(1024);
    process.stdout.write("chunk\n");
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

await replaceFile(process.argv[2]!, endless());
