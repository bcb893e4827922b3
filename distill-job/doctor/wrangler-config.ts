/** wrangler.toml, as far as the doctor looks at it. */
import { readFile } from "node:fs/promises";
import { parse } from "smol-toml";
import { z } from "zod";

const configSchema = z.looseObject({
  name: z.string().optional(),
  main: z.string().optional(),
  compatibility_date: z.string().optional(),
  vars: z.record(z.string(), z.unknown()).default({}),
  r2_buckets: z.array(z.looseObject({ binding: z.string(), bucket_name: z.string().optional() })).default([]),
  kv_namespaces: z.array(z.looseObject({ binding: z.string(), id: z.string().optional() })).default([]),
  durable_objects: z
    .looseObject({
      bindings: z.array(z.looseObject({ name: z.string(), class_name: z.string() })).default([]),
    })
    .default({ bindings: [] }),
  migrations: z
    .array(
      z.looseObject({
        new_sqlite_classes: z.array(z.string()).default([]),
        new_classes: z.array(z.string()).default([]),
      }),
    )
    .default([]),
});

export type WranglerConfig = z.infer<typeof configSchema>;

/** @throws Error saying what is wrong with the file */
export async function readWranglerConfig(path: string): Promise<WranglerConfig> {
  const parsed = configSchema.safeParse(parse(await readFile(path, "utf8")));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new Error(`${issue!.path.join(".")}: ${issue!.message}`);
}
