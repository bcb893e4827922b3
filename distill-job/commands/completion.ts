/** `nearvec completion`: a shell's script, which asks `nearvec complete` for every press of the tab key. */
import { Argument, Command } from "commander";

const shells = ["bash", "zsh", "fish", "powershell"] as const;

export function completionCommand(): Command {
  return new Command("completion")
    .description("Print a script that completes commands, options and files in a shell.")
    .addArgument(new Argument("<shell>", "which shell").choices(shells))
    .addHelpText(
      "after",
      `
Examples:
  nearvec completion bash >> ~/.bashrc
  nearvec completion zsh >> ~/.zshrc
  nearvec completion fish > ~/.config/fish/completions/nearvec.fish
  nearvec completion powershell >> $PROFILE`,
    )
    .action(async (shell: (typeof shells)[number]) => {
      const { printCompletionScript } = await import("../completion/completion-script.ts");
      printCompletionScript(shell);
    });
}
