/** Help texts show defaults as one would type them. */
import type { Command } from "commander";
import { expect, test } from "vitest";
import { devCommand } from "../../distill-job/commands/dev.ts";
import { distillCommand } from "../../distill-job/commands/distill.ts";
import { evaluateCommand } from "../../distill-job/commands/evaluate.ts";
import { exportCommand } from "../../distill-job/commands/export.ts";
import { importCommand } from "../../distill-job/commands/import.ts";
import { keysCommand } from "../../distill-job/commands/keys.ts";
import { pullCommand } from "../../distill-job/commands/pull.ts";
import { pushCommand } from "../../distill-job/commands/push.ts";
import { quantizeCommand } from "../../distill-job/commands/quantize.ts";
import { refineCommand } from "../../distill-job/commands/refine.ts";
import { uploadCommand } from "../../distill-job/commands/upload.ts";
import { defaultRemovePattern } from "../../distill-job/vocabulary/remove-pattern.ts";

const commands: readonly Command[] = [
  ...[devCommand(), distillCommand(), evaluateCommand(), exportCommand(), importCommand(), pullCommand()],
  ...[pushCommand(), quantizeCommand(), refineCommand(), uploadCommand(), ...keysCommand().commands],
];

test.each(commands.map((command) => [command.name(), command] as const))("nearvec %s", (_, command) => {
  const help = command.helpInformation().replaceAll(/\s+/g, " ");
  expect(help).toMatch(/default: |choices: |--json/);
  expect(help).not.toMatch(/default: (\[|\{|false|true|undefined|null)/);
  expect(help).not.toContain("\\\\");
});

test("the pattern of removed tokens is shown as it is to be given", () => {
  const help = distillCommand().helpInformation().replaceAll(/\s+/g, " ");
  expect(help).toContain(`(default: ${defaultRemovePattern})`);
});
