/** What `nearvec deploy` says at its end, and in place of deploying. */
import type { WorkerCheck } from "../deploy/check-worker.ts";
import type { Deployment } from "../deploy/deploy.ts";
import type { PlannedStep } from "../deploy/deploy-plan.ts";

/** A curl line that works as pasted once NEARVEC_API_KEY is set. */
export function curlLineWithKey(url: string): string {
  return (
    `curl ${url}/v1/embeddings -H "authorization: Bearer $NEARVEC_API_KEY" ` +
    `-H 'content-type: application/json' -d '{"input": "Hello from the edge"}'`
  );
}

/** @param check Null if nobody asked. */
export function deployReport({ name, urls, model }: Deployment, check: WorkerCheck | null): string {
  const [url] = urls;
  if (url === undefined) {
    return `
  ${name} is deployed, but has no address. Set workers_dev = true or routes in wrangler.toml, and deploy again.
`;
  }
  return `
  ${name} is on ${url}${model === null ? "" : `, default model ${model.name}`}
  ${describeCheck(check)}

  Without keys it refuses everything but /health. Make one, and try it:
    npx nearvec keys create --scopes embed read write --name first --worker ${name}
    export NEARVEC_API_KEY=<the key>
    ${curlLineWithKey(url)}

  docs/operations.md has the rest: upgrading, rolling back, watching, taking it down again.
`;
}

function describeCheck(check: WorkerCheck | null): string {
  if (check === null) return "Nobody asked whether it answers: curl <url>/health";
  if (check.healthy) return `It answers, and is healthy (${check.health.default_model} is loaded).`;
  return check.answered
    ? `It answers, but is not healthy: ${check.reason}`
    : `It does not answer from here yet (${check.reason}): a new address may take some minutes. Try /health.`;
}

export function planReport(name: string, steps: readonly PlannedStep[]): string {
  const lines = steps.map(({ what, command }, index) => `  ${index + 1}. ${what}\n     ${command}`);
  return `\nThe worker ${name} can be bundled. This is what deploying would do; nothing has been sent:\n\n${lines.join("\n")}\n`;
}
