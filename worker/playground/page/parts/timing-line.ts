/** How long it took, and what it took. */
import type { Timing } from "../api/worker-api.ts";
import { element, replace } from "../dom/element.ts";

export class TimingLine {
  readonly element = element("p", { class: "timing" });

  clear(text = ""): void {
    replace(this.element, text);
  }

  show({ roundTripMs, workerMs }: Timing, ...facts: readonly string[]): void {
    const shown = [
      ...(workerMs === null ? [] : [`${milliseconds(workerMs)} in the worker`]),
      `${milliseconds(roundTripMs)} there and back`,
      ...facts,
    ];
    replace(this.element, ...shown.map((fact) => element("span", {}, fact)));
  }
}

/** Below one it is not told: the worker's clock ticks in whole ones here, and stands still on Cloudflare. */
export function milliseconds(value: number): string {
  if (value < 1) return "< 1 ms";
  return value < 10 ? `${value.toFixed(1)} ms` : `${Math.round(value)} ms`;
}

export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString("en")} ${count === 1 ? one : many}`;
}
