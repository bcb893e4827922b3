/** What an isolate of workerd spends its time on, by the clock, sampled by V8 and fetched by the inspector protocol. */

interface CallFrame {
  readonly functionName: string;
  readonly url: string;
  readonly lineNumber: number;
}

/** Of the protocol's `Profiler.Profile`, what is needed. */
interface Profile {
  readonly nodes: readonly { readonly id: number; readonly callFrame: CallFrame }[];
  readonly samples: readonly number[];
  /** Microseconds before each sample. */
  readonly timeDeltas: readonly number[];
}

/** What V8 calls the time in which it does nothing for the isolate. */
const outside = new Set(["(idle)", "(program)", "(root)"]);

const samplingMicroseconds = 100;

export interface ProfiledFunction {
  readonly name: string;
  readonly milliseconds: number;
}

/**
 * Runs `work` and says which functions of the isolate took how long, themselves, most first.
 *
 * @param inspector `Miniflare.getInspectorURL()`
 */
export async function profileIsolate(inspector: URL, work: () => Promise<void>): Promise<ProfiledFunction[]> {
  const session = await InspectorSession.open(inspector);
  try {
    await session.call("Profiler.enable");
    await session.call("Profiler.setSamplingInterval", { interval: samplingMicroseconds });
    await session.call("Profiler.start");
    await work();
    const { profile } = (await session.call("Profiler.stop")) as { profile: Profile };
    return selfTimes(profile);
  } finally {
    session.close();
  }
}

function selfTimes({ nodes, samples, timeDeltas }: Profile): ProfiledFunction[] {
  const names = new Map(
    nodes.map(({ id, callFrame: { functionName, lineNumber } }) => [id, { functionName, lineNumber }]),
  );
  const times = new Map<string, number>();
  // A sample stands for the time until the next.
  for (let i = 0; i + 1 < samples.length; i++) {
    const { functionName, lineNumber } = names.get(samples[i]!)!;
    if (outside.has(functionName)) continue;
    const name = `${functionName || "anonymous"}:${lineNumber + 1}`;
    times.set(name, (times.get(name) ?? 0) + timeDeltas[i + 1]! / 1000);
  }
  return [...times]
    .map(([name, milliseconds]) => ({ name, milliseconds }))
    .sort((left, right) => right.milliseconds - left.milliseconds);
}

/** A connection to one isolate: calls are answered in any order, by their numbers. */
class InspectorSession {
  readonly #socket: WebSocket;
  readonly #waiting = new Map<
    number,
    { resolve: (result: unknown) => void; reject: (error: Error) => void }
  >();
  #calls = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.addEventListener("message", ({ data }) => {
      const { id, result, error } = JSON.parse(String(data));
      const waiting = this.#waiting.get(id);
      this.#waiting.delete(id);
      if (error === undefined) waiting?.resolve(result);
      else waiting?.reject(new Error(`The inspector answered: ${error.message}`));
    });
    socket.addEventListener("close", () => {
      for (const { reject } of this.#waiting.values()) reject(new Error("The inspector hung up"));
    });
  }

  static async open(inspector: URL): Promise<InspectorSession> {
    const list = await fetch(new URL("/json", inspector.href.replace(/^ws/, "http")));
    const targets = (await list.json()) as { id: string; webSocketDebuggerUrl: string }[];
    const target = targets.find(({ id }) => id.startsWith("core:user:")) ?? targets[0];
    if (target === undefined) throw new Error("Expected an isolate to inspect, the inspector names none");
    const socket = new WebSocket(target.webSocketDebuggerUrl);
    await new Promise<void>((resolve, reject) => {
      socket.addEventListener("open", () => resolve());
      socket.addEventListener("error", () =>
        reject(new Error(`No inspector at ${target.webSocketDebuggerUrl}`)),
      );
    });
    return new InspectorSession(socket);
  }

  call(method: string, params: Readonly<Record<string, unknown>> = {}): Promise<unknown> {
    const id = ++this.#calls;
    const answered = new Promise<unknown>((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
    this.#socket.send(JSON.stringify({ id, method, params }));
    return answered;
  }

  close(): void {
    this.#socket.close();
  }
}
