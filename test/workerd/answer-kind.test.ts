import { expect, test } from "vitest";
import { AnswerKind } from "../../worker/answer-kind.ts";
import type { AppContext } from "../../worker/environment.ts";
import { RequestWork } from "../../worker/request-work.ts";

/** A request that took as long as it is told. */
class TimedWork extends RequestWork {
  readonly timing: string;

  constructor(timing: string) {
    super("openai", "/");
    this.timing = timing;
  }
  override serverTiming(): string {
    return this.timing;
  }
}

test("says of each request its own id and timing, though the headers are made once", async () => {
  const kind = new AnswerKind({ "content-type": "text/plain", vary: "accept" });
  const works = ["load;dur=0", "load;dur=0", "load;dur=5", "load;dur=0"].map(
    (timing) => new TimedWork(timing),
  );
  const answers = works.map((work) => kind.answer({ get: () => work } as unknown as AppContext, work.timing));
  for (const [i, answer] of answers.entries()) {
    expect(Object.fromEntries(answer.headers)).toEqual({
      "content-type": "text/plain",
      vary: "accept",
      "x-request-id": works[i]!.requestId,
      "server-timing": works[i]!.timing,
    });
    expect(await answer.text()).toBe(works[i]!.timing);
    expect(works[i]!.answer).toBe(answer);
  }
});
