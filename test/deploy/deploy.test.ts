/** `nearvec deploy` against stand-ins of Cloudflare's API and of wrangler: what is made, what is left alone, what is refused. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { WranglerBucket } from "../../distill-job/deploy/wrangler-bucket.ts";
import { rollBack } from "../../distill-job/upload/roll-back.ts";
import { artifactKey } from "../../shared/model-store/model-location.ts";
import { account, CloudflareStandIn, outage, refusal } from "./cloudflare-stand-in.ts";
import { accountState, baseModel, inForce, runDeploy } from "./deployments.ts";
import { WranglerStandIn } from "./wrangler-stand-in.ts";

let folder: string;
let cloudflare: CloudflareStandIn;
let wrangler: WranglerStandIn;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "nearvec-test-"));
  cloudflare = await CloudflareStandIn.start();
  wrangler = new WranglerStandIn(cloudflare.environment(folder));
});
afterEach(async () => {
  await cloudflare.stop();
  await rm(folder, { recursive: true, force: true });
});

const failureOf = (run: Promise<unknown>) =>
  run.then(
    () => expect.fail("the deployment should have failed"),
    (error: Error & { code: string }) => error,
  );

describe("a first deployment", () => {
  test("makes bucket and namespaces, stores the model, deploys, and says where", async () => {
    const { deployment } = await runDeploy(wrangler);
    expect(deployment).toMatchObject({
      ...{ name: "nearvec", account, urls: ["https://nearvec.acme.workers.dev"], deployed: true },
      bucket: { name: "nearvec-models", created: true },
      model: { name: "base", uploaded: true, activated: true },
    });
    const { versions, onWorkersDev, migrationTag } = cloudflare.workers.get("nearvec")!;
    expect({ versions: versions.length, onWorkersDev, migrationTag }).toEqual({
      ...{ versions: 1, onWorkersDev: true, migrationTag: "v1" },
    });
    for (const { binding, id, created } of deployment.namespaces) {
      expect(created).toBe(true);
      expect(cloudflare.namespaces.get(id)).toBe(`nearvec-${binding.toLowerCase().replaceAll("_", "-")}`);
    }
    expect(deployment.namespaces.map(({ binding }) => binding)).toContain("COLLECTIONS");
    expect(inForce(cloudflare)).toBe(baseModel().file.sha256);
  });

  test("stores the file before the pointer to it", async () => {
    await runDeploy(wrangler);
    const puts = cloudflare.requests.filter(({ method, path }) => method === "PUT" && path.includes("/r2/"));
    expect(puts.map(({ path }) => path.split("/").at(-1))).toEqual([
      `${baseModel().file.sha256}.safetensors`,
      "current.json",
    ]);
  });

  test("under another name has a bucket, namespaces and an address of its own", async () => {
    await runDeploy(wrangler);
    const { deployment } = await runDeploy(wrangler, { names: { name: "trial" }, model: baseModel(2) });
    expect(deployment).toMatchObject({
      urls: ["https://trial.acme.workers.dev"],
      bucket: { name: "trial-models" },
    });
    expect([...cloudflare.namespaces.values()]).toContain("trial-collections");
    expect(inForce(cloudflare)).toBe(baseModel(1).file.sha256);
    expect(inForce(cloudflare, "trial-models")).toBe(baseModel(2).file.sha256);
  });
});

describe("a second deployment", () => {
  test("of the same thing changes nothing, and says so", async () => {
    await runDeploy(wrangler);
    const before = accountState(cloudflare);
    cloudflare.requests.length = 0;
    const { deployment, said } = await runDeploy(wrangler);
    expect(deployment).toMatchObject({
      ...{ deployed: false, bucket: { created: false }, urls: ["https://nearvec.acme.workers.dev"] },
      model: { uploaded: false, activated: false },
    });
    expect(deployment.namespaces.every(({ created }) => !created)).toBe(true);
    expect(said.join("\n")).toMatch(/there already[\s\S]*in force already[\s\S]*unchanged/);
    expect(accountState(cloudflare)).toEqual(before);
    expect(cloudflare.workers.get("nearvec")!.versions).toHaveLength(1);
    // Connecting a worker with the address that it has.
    expect(cloudflare.changes).toEqual(["POST /workers/scripts/nearvec/subdomain"]);
  });

  test("with another model keeps the old file, and moves the pointer after the worker", async () => {
    await runDeploy(wrangler);
    cloudflare.requests.length = 0;
    const { deployment } = await runDeploy(wrangler, {
      model: { ...baseModel(2), name: "base" },
      names: { bucket: "nearvec-models" },
    });
    expect(deployment.model).toMatchObject({ uploaded: true, activated: true });
    expect(cloudflare.changes.at(-1)).toMatch(/current\.json$/);
    expect(inForce(cloudflare)).toBe(baseModel(2).file.sha256);
    const old = artifactKey("base", baseModel(1).file.sha256);
    expect(cloudflare.buckets.get("nearvec-models")!.has(old)).toBe(true);
  });

  test("keeps namespaces that the worker was bound to by hand", async () => {
    await runDeploy(wrangler);
    const worker = cloudflare.workers.get("nearvec")!;
    cloudflare.namespaces.set("byhand", "chosen in the dashboard");
    worker.versions[0] = {
      ...worker.versions[0]!,
      tag: undefined,
      bindings: worker.versions[0]!.bindings.map((binding) =>
        binding.name === "COLLECTIONS" ? { ...binding, namespace_id: "byhand" } : binding,
      ),
    };
    const { deployment } = await runDeploy(wrangler);
    const collections = deployment.namespaces.find(({ binding }) => binding === "COLLECTIONS");
    expect(collections).toEqual({ binding: "COLLECTIONS", id: "byhand", created: false });
  });

  test("uploads the worker again once a setting differs", async () => {
    await runDeploy(wrangler);
    const other = { ...baseModel(), name: "other" };
    expect((await runDeploy(wrangler, { model: other })).deployment.deployed).toBe(true);
  });
});

describe("a rollback through wrangler's login", () => {
  const [first, second] = [baseModel(1).file.sha256, baseModel(2).file.sha256];
  const bucket = () => new WranglerBucket(wrangler, account.id, "nearvec-models");

  test("puts the file before in force, and then the other again", async () => {
    await runDeploy(wrangler);
    await runDeploy(wrangler, { model: baseModel(2) });
    expect(await rollBack(bucket(), "base", undefined)).toEqual({
      ...{ name: "base", sha256: first, activated: true, previous: second },
    });
    expect(inForce(cloudflare)).toBe(first);
    await rollBack(bucket(), "base", undefined);
    expect(inForce(cloudflare)).toBe(second);
    expect(await rollBack(bucket(), "base", second)).toMatchObject({ activated: false });
  });

  test.each([
    ["base", undefined, "model_not_found", /first file/],
    ["other", undefined, "model_not_found", /no such model/],
    ["base", "f".repeat(64), "model_not_found", /not there/],
    ["base", "latest", "invalid_request", /--to.*64/],
  ])("of %s to %s is refused", async (name, to, code, message) => {
    await runDeploy(wrangler);
    const error = await failureOf(rollBack(bucket(), name, to));
    expect(error).toMatchObject({ code, message: expect.stringMatching(message) });
    expect(inForce(cloudflare)).toBe(first);
  });
});

describe("a deployment that breaks off", () => {
  test.each([
    ["at a request that fails", false],
    ["at a request whose answer is lost", true],
  ])("%s is finished by the next, whichever request it was", async (_, done) => {
    const clean = await CloudflareStandIn.start();
    await runDeploy(new WranglerStandIn(clean.environment(folder)));
    const wanted = accountState(clean);
    await clean.stop();
    const { requests } = clean;
    expect(requests.length).toBeGreaterThan(15);
    for (let broken = 0; broken < requests.length; broken++) {
      const standIn = await CloudflareStandIn.start();
      try {
        let count = 0;
        const request = `${requests[broken]!.method} ${requests[broken]!.path}`;
        if (done) standIn.lost = () => count++ === broken;
        else standIn.fault = () => (count++ === broken ? outage : null);
        const local = new WranglerStandIn(standIn.environment(folder));
        const outcome = await runDeploy(local).catch((error: Error) => error);
        // Some lost answers are made up for in the same run; what failed is said.
        if (!done) expect(outcome, request).toBeInstanceOf(Error);
        if (outcome instanceof Error) expect(outcome.message, request).toMatch(/^Expected/);
        const pointed = inForce(standIn);
        if (pointed !== null) {
          const file = standIn.buckets.get("nearvec-models")!.get(artifactKey("base", pointed));
          expect(file?.byteLength, request).toBe(baseModel().file.bytes.byteLength);
        }
        await runDeploy(local);
        expect(accountState(standIn), request).toEqual(wanted);
        expect(standIn.requests.filter(({ method }) => method === "DELETE")).toEqual([]);
      } finally {
        await standIn.stop();
      }
    }
  });

  test("before its end leaves the model that is served in force", async () => {
    await runDeploy(wrangler);
    const first = baseModel(1).file.sha256;
    cloudflare.fault = (method, path) => (method === "PUT" && path.endsWith(".safetensors") ? outage : null);
    await failureOf(runDeploy(wrangler, { model: baseModel(2) }));
    expect(inForce(cloudflare)).toBe(first);
    cloudflare.fault = (_, path) => (path.endsWith("/deployments") ? outage : null);
    await failureOf(runDeploy(wrangler, { model: baseModel(2), names: { name: "nearvec" } }));
    expect(inForce(cloudflare)).toBe(first);
  });

  test("because the stored file is not the one that was sent leaves the pointer alone", async () => {
    cloudflare.damage = (path) => path.endsWith(".safetensors");
    const { code, message } = await failureOf(runDeploy(wrangler));
    expect({ code, message }).toMatchObject({
      code: "storage_unavailable",
      message: expect.stringMatching(/what was sent/),
    });
    expect(inForce(cloudflare)).toBeNull();
    expect(cloudflare.workers.size).toBe(0);
  });
});

describe("a deployment is refused", () => {
  test("when the token is wrong, with what it needs", async () => {
    const stranger = new WranglerStandIn({
      ...cloudflare.environment(folder),
      CLOUDFLARE_API_TOKEN: "wrong",
    });
    const { code, message } = await failureOf(runDeploy(stranger));
    expect(code).toBe("account_access_denied");
    expect(message).toMatch(/Invalid access token.*Workers R2 Storage: Edit.*wrangler login/);
  });

  test("when nobody is logged in", async () => {
    const loggedOut = {
      run: async () => ({ ok: false as const, code: undefined, message: '{"loggedIn":false}' }),
    };
    const { code, message } = await failureOf(runDeploy(loggedOut));
    expect(code).toBe("account_access_denied");
    expect(message).toMatch(/npx wrangler login.*CLOUDFLARE_API_TOKEN/);
  });

  test("without a network", async () => {
    await cloudflare.stop();
    const { code, message } = await failureOf(runDeploy(wrangler));
    expect(code).toBe("connection_failed");
    expect(message).toMatch(/network failed.*--dry-run/);
    cloudflare = await CloudflareStandIn.start();
  });

  test("for an account that is not the user's, naming those that are", async () => {
    const { code, message } = await failureOf(runDeploy(wrangler, { accountId: "f".repeat(32) }));
    expect(code).toBe("account_access_denied");
    expect(message).toMatch(new RegExp(`got ${"f".repeat(32)}.*${account.id} \\(Acme\\)`));
    expect(cloudflare.changes).toEqual([]);
  });

  test("for several accounts until one is chosen", async () => {
    cloudflare.accounts.push({ id: "e".repeat(32), name: "Other" });
    const { code, message } = await failureOf(runDeploy(wrangler));
    expect(code).toBe("invalid_request");
    expect(message).toMatch(/has 2: .*Acme.*Other.*CLOUDFLARE_ACCOUNT_ID/);
    expect((await runDeploy(wrangler, { accountId: account.id })).deployment.deployed).toBe(true);
  });

  test("where another worker has the name, unless it may be replaced", async () => {
    await runDeploy(wrangler);
    const worker = cloudflare.workers.get("nearvec")!;
    const strange = [{ type: "kv_namespace", name: "COLLECTIONS", namespace_id: "1" }];
    worker.versions[0] = { ...worker.versions[0]!, tag: undefined, bindings: strange };
    cloudflare.requests.length = 0;
    const { code, message } = await failureOf(runDeploy(wrangler));
    expect(code).toBe("worker_name_taken");
    expect(message).toMatch(/bindings COLLECTIONS.*--name.*--overwrite/);
    expect(cloudflare.changes).toEqual([]);
    const { deployment } = await runDeploy(wrangler, { overwrite: true });
    expect(deployment.deployed).toBe(true);
    // What belonged to the other worker is left to it.
    expect(deployment.namespaces.map(({ id }) => id)).not.toContain("1");
  });

  test("where R2 is not switched on, before anything else is made", async () => {
    const disabled = refusal(403, 10042, "Please enable R2 through the Cloudflare Dashboard.");
    cloudflare.fault = (method, path) => (`${method} ${path}` === "POST /r2/buckets" ? disabled : null);
    const { message } = await failureOf(runDeploy(wrangler));
    expect(message).toMatch(/enable R2.*10042.*dashboard under R2.*\[\[r2_buckets\]\]/);
    expect(cloudflare.changes).toEqual([]);
  });

  test("with a default model that is neither here nor there", async () => {
    const absent = { name: "absent", file: null };
    const { code, message } = await failureOf(runDeploy(wrangler, { model: absent }));
    expect(code).toBe("model_not_found");
    expect(message).toMatch(/models\/absent\.safetensors.*--model.*DEFAULT_MODEL/);
    expect(cloudflare.workers.size).toBe(0);
  });

  test.each([
    [{ name: "Not A Name" }, /--name.*a-z, 0-9/],
    [{ bucket: "x" }, /--bucket.*3 to 63/],
    [{ environment: "staging" }, /\[env\.staging\].*--name/],
  ])("for %o", async (names, message) => {
    expect((await failureOf(runDeploy(wrangler, { names }))).message).toMatch(message);
    expect(wrangler.commands).toEqual([]);
  });
});
