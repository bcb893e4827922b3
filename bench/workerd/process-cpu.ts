/** CPU time of the workerd processes that this process has started, simulators of KV and R2 included. */
import { readdirSync, readFileSync } from "node:fs";

/** What Linux counts CPU time in: USER_HZ, the same on every machine. */
const millisecondsPerTick = 10;

/** Fields of /proc/<pid>/stat behind the name: state, parent, ..., utime, stime. */
const parentField = 1;
const userTimeField = 11;
const systemTimeField = 12;

/** Milliseconds, in steps of ten. */
export function workerdCpuMilliseconds(): number {
  const processes = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => readStat(pid) ?? []);
  const mine = processes.filter(({ name, parent }) => name === "workerd" && parent === process.pid);
  if (mine.length === 0) throw new Error("Expected a workerd of this process, found none");
  return mine.reduce((sum, { ticks }) => sum + ticks, 0) * millisecondsPerTick;
}

/** Null where the process has ended meanwhile. */
function readStat(pid: string): { name: string; parent: number; ticks: number } | null {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/stat`, "utf8");
  } catch {
    return null;
  }
  // The name is in brackets, and may have brackets of its own.
  const [name, rest] = [
    text.slice(text.indexOf("(") + 1, text.lastIndexOf(")")),
    text.slice(text.lastIndexOf(")") + 2),
  ];
  const fields = rest.split(" ");
  const ticks = Number(fields[userTimeField]) + Number(fields[systemTimeField]);
  return { name, parent: Number(fields[parentField]), ticks };
}
