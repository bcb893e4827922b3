/**
 * Runs inside workerd: the worker three times over in one isolate, chosen by the host that a request names. Two
 * processes differ by more than keys take, by where their code and data happen to lie.
 */
import { createApp } from "../../worker/app.ts";
import type { App, Bindings } from "../../worker/environment.ts";
import { isolateMemory } from "../../worker/isolate-memory.ts";
import { ModelRegistry } from "../../worker/model-registry.ts";
import type { AdmissionHost } from "../http/admission-host.ts";

const shared = { registry: new ModelRegistry({ isolateMemory }), requestLog: "off" } as const;

let uncounted: Bindings | undefined;

/** Made once, as what the platform gives is. */
function withoutLimiter({ RATE_LIMITER: _, ...others }: Bindings): Bindings {
  uncounted ??= others;
  return uncounted;
}

const apps: Readonly<Record<AdmissionHost, App>> = {
  open: createApp({ ...shared, access: "open", bindings: (env: Bindings) => env }),
  keyed: createApp({ ...shared, access: "keys", bindings: withoutLimiter }),
  counted: createApp({ ...shared, access: "keys", bindings: (env: Bindings) => env }),
};

export default {
  fetch(request, env, context) {
    const { hostname } = new URL(request.url);
    return apps[hostname as AdmissionHost].fetch(request, env, context);
  },
} satisfies ExportedHandler<Bindings>;
