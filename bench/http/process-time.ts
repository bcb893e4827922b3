/** How much processor time a child process has used, where the system tells: on Linux. */
import { existsSync, readdirSync, readFileSync } from "node:fs";

/** The processes with this name that this one has started; none where the system does not tell. */
export function childProcesses(command: string): number[] {
  if (!existsSync("/proc/self/schedstat")) return [];
  const pids = readdirSync("/proc").map(Number).filter(Number.isInteger);
  return pids.filter((pid) => {
    const status = readStatus(`/proc/${pid}/stat`);
    // The command stands in parentheses and may hold anything, parentheses too; the parent is the second field after it.
    const end = status.lastIndexOf(")");
    const parent = Number(status.slice(end + 2).split(" ")[1]);
    return parent === process.pid && status.slice(status.indexOf("(") + 1, end) === command;
  });
}

/** Seconds that all threads of a process have run so far; NaN where the system does not tell. */
export function processorSeconds(pid: number | undefined): number {
  if (pid === undefined) return Number.NaN;
  const nanoseconds = readdirSync(`/proc/${pid}/task`).map((thread) =>
    Number(readStatus(`/proc/${pid}/task/${thread}/schedstat`).split(" ")[0]),
  );
  return nanoseconds.reduce((sum, time) => sum + time, 0) / 1e9;
}

/** What a file of /proc says; nothing if its process has just ended. */
function readStatus(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
