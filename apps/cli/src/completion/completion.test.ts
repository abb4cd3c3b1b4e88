import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";

import { runCommand } from "../testing/run-command.ts";

const run = promisify(execFile);
const NOWHERE = { environment: {} };

/** What bash offers where the cursor is, for each line; the last word is the one being typed. */
async function offered(script: string, lines: readonly (readonly string[])[]): Promise<string[][]> {
  const asks = lines.map((words) => {
    const typed = words.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(" ");
    return `COMP_WORDS=(perennial ${typed}); COMP_CWORD=${words.length}; _perennial; echo "$(IFS=,; echo "\${COMPREPLY[*]}")"`;
  });
  const { stdout } = await run("bash", ["-c", `${script}\n${asks.join("\n")}`]);
  return stdout
    .split("\n")
    .slice(0, lines.length)
    .map((line) => line.split(",").filter((word) => word !== ""));
}

describe("completion for bash", () => {
  it("offers commands, subcommands, options, and the values of options and arguments", async () => {
    const { out: script } = await runCommand(NOWHERE, ["completion", "bash"]);
    const answers = await offered(script, [
      [""],
      ["st"],
      ["status", "--"],
      ["status", "--state", ""],
      ["status", "--state", "re"],
      ["status", "--state", "=", "re"],
      ["status", "--user", ""],
      ["--json", "status", "--state", "due", "--u"],
      ["status", "@acme.shop", "--st"],
      ["users", ""],
      ["users", "show", "-"],
      ["completion", ""],
      ["auth-url", "--flavour", "f"],
      ["--"],
      ["nonsense", "x", ""],
    ]);
    const [all = [], ...rest] = answers;
    expect(all).toEqual(expect.arrayContaining(["auth-url", "authenticate", "status", "doctor", "help"]));
    expect(all).not.toContain("complete");
    expect(rest[0]).toEqual(["status"]);
    expect(rest[1]).toEqual(["--state", "--user", "--help", "--json"]);
    expect(rest[2]).toEqual([
      "healthy",
      "due",
      "urgent",
      "failing",
      "ending",
      "reconnect_required",
      "expired",
    ]);
    expect(rest.slice(3, 5)).toEqual([["reconnect_required"], ["reconnect_required"]]);
    expect(rest[5]).toEqual([]); // anything goes
    expect(rest[6]).toEqual(["--user"]);
    expect(rest[7]).toEqual(["--state"]);
    expect(rest[8]).toEqual(["list", "show", "end-sessions", "help"]);
    expect(rest[9]).toEqual(["--help", "-h", "--json"]);
    expect(rest[10]).toEqual(["bash", "zsh", "fish"]);
    expect(rest[11]).toEqual(["facebook"]);
    expect(rest[12]).toEqual(["--json", "--help"]);
    expect(rest[13]).toEqual(all);
  });

  it("is bound to the command, can be loaded twice, and evaluates nothing that was typed", async () => {
    const { out: script } = await runCommand(NOWHERE, ["completion", "bash"]);
    const { stdout } = await run("bash", ["-c", `set -u\n${script}\n${script}\ncomplete -p perennial`]);
    expect(stdout).toBe("complete -F _perennial perennial\n");
    const answers = await offered(script, [
      ["status", "$(echo evaluated >&2)", "--st"],
      ["`echo evaluated >&2`"],
      ["status", "--state", "$(touch /nonexistent/x)"],
      ["*"],
    ]);
    expect(answers).toEqual([["--state"], [], [], []]);
  });
});

describe("completion for other shells", () => {
  it("zsh: knows every command with what it is for", async () => {
    const { out } = await runCommand(NOWHERE, ["completion", "zsh"]);
    expect(out).toMatch(/^#compdef perennial\n/);
    expect(out).toContain(
      "'status:show every connection, with time left and next refresh, or one in detail'",
    );
    expect(out).toContain(`("users:show") at="users show" ;;`);
    expect(out).toContain(`("status:--state") found=(healthy due urgent`);
    expect(out).toContain("connection'\\''s token works");
  });

  it("fish: offers what belongs to a command where it was typed", async () => {
    const { out } = await runCommand(NOWHERE, ["completion", "fish"]);
    expect(out).toContain("complete -c perennial -n '__fish_use_subcommand' -a 'status' -d 'show every");
    expect(out).toContain("-n '__fish_seen_subcommand_from status' -l state -x -a 'healthy due");
    expect(out).toContain(
      "-n '__fish_seen_subcommand_from users; and not __fish_seen_subcommand_from list show end-sessions help' -a 'show'",
    );
    expect(out).toContain("connection\\'s token works");
  });
});
