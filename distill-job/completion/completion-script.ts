/** A shell's script: @bomb.sh/tab's own, and what bash needs around it. */
import { script } from "@bomb.sh/tab";

const name = "nearvec";

/** What the script calls: bash-completion's function, where that is not installed. */
const bashWords = `declare -F _get_comp_words_by_ref >/dev/null || _get_comp_words_by_ref() {
    cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]} words=("\${COMP_WORDS[@]}") cword=$COMP_CWORD
}`;

/**
 * Prints the script to stdout.
 *
 * In bash the script declares constants that another program's may have declared before it, and does not ask for
 * files: both are mended around it.
 */
export function printCompletionScript(shell: "bash" | "zsh" | "fish" | "powershell"): void {
  if (shell === "bash") console.log(`${bashWords}\n{`);
  script(shell, name, name);
  if (shell === "bash") {
    console.log(`} 2>/dev/null\ncomplete -o default -o bashdefault -F __${name}_complete ${name}`);
  }
}
