/** `nearvec doctor`: finds what is wrong, says what to do, and ends with 1 if anything must be done. */

import { once } from "node:events";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import type { Check } from "../../distill-job/doctor/check.ts";
import { checkBucketAccess, checkCloudflareLogin } from "../../distill-job/doctor/credential-checks.ts";
import { checkNode } from "../../distill-job/doctor/version-checks.ts";
import { bindingNames, checkWranglerConfig, objectClass } from "../../distill-job/doctor/wrangler-checks.ts";
import { tinyModel } from "../workerd/tiny-model.ts";
import { runNearvec, temporaryFolder } from "./run-nearvec.ts";

const root = new URL("../../", import.meta.url);
let folder: string;
let own: string;
beforeAll(async () => {
  folder = await temporaryFolder();
  own = await readFile(new URL("wrangler.toml", root), "utf8");
  await mkdir(join(folder, "worker"));
  await writeFile(join(folder, "worker/index.ts"), 'export { CollectionObject } from "nearvec/worker";\n');
});

/** Checks the project's wrangler.toml after a change. */
async function checked(change: (toml: string) => string): Promise<Check[]> {
  const path = join(folder, "wrangler.toml");
  const changed = change(own);
  if (changed === own) throw new Error("nothing was changed");
  await writeFile(path, changed);
  return checkWranglerConfig(path);
}

describe("wrangler.toml", () => {
  test("of the project is well, and its names are those of the code", async () => {
    const checks = await checkWranglerConfig(fileURLToPath(new URL("wrangler.toml", root)));
    expect(checks.map(({ status }) => status)).toEqual(checks.map(() => "ok"));
    const bindings = await Promise.all(
      ["worker/environment.ts", "worker/collections/collection-bindings.ts"].map((file) =>
        readFile(new URL(file, root), "utf8"),
      ),
    );
    for (const name of Object.values(bindingNames))
      expect(bindings.join("")).toMatch(new RegExp(`readonly ${name}\\?:`));
    expect(await readFile(new URL("worker/index.ts", root), "utf8")).toContain(`export { ${objectClass} }`);
  });

  test.each<[string, (toml: string) => string, string, Check["status"], RegExp]>([
    ["is no TOML", (toml) => `${toml}\n[[`, "wrangler.toml", "fail", /./],
    ["names no entry", (toml) => toml.replace("main =", "# main ="), "entry", "fail", /no main/],
    [
      "names an entry that is not there",
      (toml) => toml.replace("worker/index.ts", "index.ts"),
      "entry",
      "fail",
      /not there/,
    ],
    [
      "is newer than workerd",
      (toml) => toml.replace('"2026-11-01"', '"2096-11-01"'),
      "compatibility",
      "fail",
      /newer than/,
    ],
    ["has no bucket", (toml) => toml.replace('"MODELS"', '"FILES"'), "bucket", "warn", /bundled model alone/],
    [
      "has no namespace",
      (toml) => toml.replace('"COLLECTIONS"', '"KV"'),
      "collections",
      "fail",
      /no KV binding/,
    ],
    [
      "has no object",
      (toml) => toml.replace('name = "COLLECTION"', 'name = "C"'),
      "collections",
      "fail",
      /no Durable Object/,
    ],
    [
      "has another class",
      (toml) => toml.replace('class_name = "CollectionObject"', 'class_name = "Other"'),
      "collections",
      "fail",
      /of class Other/,
    ],
    [
      "makes no class",
      (toml) => toml.replace("new_sqlite_classes", "# classes"),
      "collections",
      "fail",
      /no migration/,
    ],
    [
      "makes a class without SQLite",
      (toml) => toml.replace("new_sqlite_classes", "new_classes"),
      "collections",
      "fail",
      /needs SQLite/,
    ],
    [
      "names an unknown model",
      (toml) => toml.replace('DEFAULT_MODEL = "base"', 'DEFAULT_MODEL = "mine"'),
      "default model",
      "warn",
      /mine/,
    ],
  ])("that %s", async (_, change, name, status, message) => {
    const checks = await checked(change);
    const wrong = checks.filter((check) => check.status !== "ok");
    expect(wrong).toHaveLength(1);
    expect(wrong[0]).toMatchObject({
      name,
      status,
      message: expect.stringMatching(message),
      fix: expect.any(String),
    });
  });

  test("whose entry lacks the class", async () => {
    const path = join(folder, "other.toml");
    await writeFile(join(folder, "bare.ts"), "export default {};\n");
    await writeFile(path, own.replace("worker/index.ts", "bare.ts"));
    const checks = await checkWranglerConfig(path);
    expect(checks.find(({ name }) => name === "entry")).toMatchObject({ status: "fail" });
  });
});

describe("versions and credentials", () => {
  test("Node must be new enough", () => {
    expect(checkNode("18.20.0")).toMatchObject({
      status: "fail",
      fix: expect.stringContaining("nodejs.org"),
    });
    expect(checkNode("24.0.0").status).toBe("ok");
  });

  test("keys that are not given are no mistake, half of them are", async () => {
    expect((await checkBucketAccess({})).status).toBe("skip");
    const half = await checkBucketAccess({ R2_ACCESS_KEY_ID: "id" });
    expect(half).toMatchObject({ status: "fail", message: expect.stringContaining("R2_ACCOUNT_ID") });
    expect(checkCloudflareLogin({}, folder).status).toBe("skip");
    expect(checkCloudflareLogin({ CLOUDFLARE_API_TOKEN: "abc" }, folder).status).toBe("ok");
    expect(checkCloudflareLogin({ CLOUDFLARE_API_TOKEN: "abc " }, folder).status).toBe("fail");
  });
});

describe("nearvec doctor", () => {
  const doctor = (...args: string[]) => runNearvec(["doctor", ...args]);

  test("prints a line for each check, and what to do below those that need it", async () => {
    const broken = join(folder, "broken.safetensors");
    await writeFile(broken, tinyModel().slice(0, -1));
    const { stdout, stderr, code } = await doctor("--model", broken);
    expect({ stderr, code }).toEqual({ stderr: "", code: 1 });
    expect(stdout).toMatch(/^ok {4}node +\d+\./m);
    expect(stdout).toMatch(
      /^fail {2}model \S+broken\.safetensors +Expected a model file of \d+ bytes.*\n +-> Get the file again/m,
    );
    expect(stdout).toMatch(/\n1 to fix(, \d to look at)?\.\n$/);
  });

  test("tells a damaged byte from a model", async () => {
    const damaged = tinyModel();
    damaged[damaged.length - 3]! ^= 1;
    const path = join(folder, "damaged.safetensors");
    await writeFile(path, damaged);
    const { checks } = JSON.parse((await doctor("--model", path, "--json")).stdout);
    expect(checks).toContainEqual(expect.objectContaining({ name: `model ${path}`, status: "fail" }));
  });

  test("fails for what is named as a worker and is none", async () => {
    const other = createServer((_, response) => response.end("<html>hello</html>")).listen(0, "127.0.0.1");
    await once(other, "listening");
    try {
      const { port } = other.address() as AddressInfo;
      const wrong = await doctor("--url", `http://127.0.0.1:${port}`, "--json");
      expect(wrong.code).toBe(1);
      const { ok, checks } = JSON.parse(wrong.stdout) as { ok: boolean; checks: Check[] };
      expect(ok).toBe(false);
      expect(checks.filter(({ status }) => status === "fail")).toMatchObject([
        {
          name: "worker",
          message: expect.stringContaining("as no nearvec worker does: 200 <html>"),
          fix: "Correct --url.",
        },
      ]);
    } finally {
      other.close();
    }
  });

  test("tries the key that it is given, and says whether one is needed", async () => {
    // Stands in for a worker with keys, as far as its answers are looked at.
    const health = {
      ...{ status: "ok", default_model: "base", models: [] },
      memory: { used_bytes: 0, budget_bytes: 1 },
    };
    const server = createServer(({ url, headers }, response) => {
      const allowed = url === "/health" || headers.authorization === "Bearer right";
      response.statusCode = allowed ? 200 : 401;
      response.end(JSON.stringify(url === "/health" ? health : { data: [], version: "0.0.1" }));
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    try {
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      const keys = async (...args: string[]) => {
        const { stdout, code } = await doctor("--url", url, "--json", ...args);
        const { checks } = JSON.parse(stdout) as { checks: Check[] };
        return { code, ...checks.find(({ name }) => name === "keys")! };
      };
      expect(await keys()).toMatchObject({
        code: 0,
        status: "warn",
        fix: expect.stringContaining("NEARVEC_API_KEY"),
      });
      expect(await keys("--api-key", "right")).toMatchObject({ code: 0, status: "ok" });
      expect(await keys("--api-key", "left")).toMatchObject({ code: 1, status: "fail" });
    } finally {
      server.close();
    }
  });

  test("fails for a worker that was named and is not there", async () => {
    const none = await doctor("--url", "http://127.0.0.1:9", "--json");
    expect(none.code).toBe(1);
    expect(JSON.parse(none.stdout).checks.at(-1)).toMatchObject({ name: "worker", status: "fail" });
  });
});
