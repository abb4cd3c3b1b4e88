import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openStateFolder } from "./testing/state-folder.ts";
import { startTestApp } from "./testing/test-app.ts";

describe("the state file", () => {
  it("may be read by its owner only and lies alone in its folder, which is made if need be", async () => {
    await using place = await openStateFolder();
    const folder = join(place.folder, "made", "on", "demand");
    const stateFile = join(folder, "simulator.json");
    await using app = await startTestApp({ stateFile });
    expect((await stat(stateFile)).mode & 0o777).toBe(0o600);
    await writeFile(`${stateFile}.tmp`, "left by a process that was killed", { mode: 0o644 });
    app.sim.issueLongLivedToken("acme.shop");
    await app.sim.close();
    expect((await stat(stateFile)).mode & 0o777).toBe(0o600);
    expect(await readdir(folder)).toEqual(["simulator.json"]);
  });

  it("that cannot be used is moved aside with a sentence, and the simulator starts afresh", async () => {
    await using place = await openStateFolder();
    const { stateFile } = place;
    const first = await startTestApp({ stateFile });
    const secret = first.sim.issueLongLivedToken("acme.shop").value;
    await first.sim.close();
    const whole = await readFile(stateFile, "utf8");
    const why: [string, string][] = [
      [whole.slice(0, whole.length / 2), "It is not JSON."],
      ["", "It is not JSON."],
      [whole.replace('"version":2', '"version":3'), "It was written by another version of the simulator."],
      [whole.replace('"codes":[]', '"codes":[7]'), "It does not hold what the simulator writes."],
      [whole.replace('"id_as":', '"id_is":'), 'There is no policy named "id_is".'],
      [whole.replace('"key":"acme.shop"', '"key":"ines.runs"'), 'Somebody has the key "ines.runs" already.'],
      [whole.replace(/"person":"\d+"/, '"person":"1"'), "Nobody ever had this app-scoped id."],
      [whole.replace('"rate":1', '"rate":-1'), "The clock's rate is a number from 0 up."],
    ];
    for (const [text, reason] of why) {
      expect(text).not.toBe(whole);
      await writeFile(stateFile, text);
      const notices: string[] = [];
      await using app = await startTestApp({ stateFile, notify: (sentence) => notices.push(sentence) });
      expect(notices).toEqual([
        `The state file ${stateFile} could not be used and is now ${stateFile}.unreadable; the simulator starts afresh. ${reason}`,
      ]);
      expect(notices.join()).not.toContain(secret);
      expect([app.sim.users.list().length, app.sim.lineages()]).toEqual([8, []]);
      expect(await readFile(`${stateFile}.unreadable`, "utf8")).toBe(text);
      expect(JSON.parse(await readFile(stateFile, "utf8"))).toMatchObject({ version: 2, lineages: [] });
    }
  });

  it("is left alone by a simulator that does not start", async () => {
    await using place = await openStateFolder();
    const { stateFile } = place;
    await using app = await startTestApp({ stateFile });
    await writeFile(stateFile, "not mine to move");
    const port = Number(new URL(app.sim.origin).port);
    await expect(startTestApp({ stateFile, port })).rejects.toMatchObject({ code: "port_taken" });
    const scenario = { faults: [{ at: "me", do: "hang", p: 2 } as const] };
    await expect(startTestApp({ stateFile, scenario })).rejects.toMatchObject({ code: "invalid_input" });
    expect(await readFile(stateFile, "utf8")).toBe("not mine to move");
  });

  it("that can be neither read nor written is named", async () => {
    await using place = await openStateFolder();
    await expect(startTestApp({ stateFile: place.folder })).rejects.toThrow(
      `The state file ${place.folder} cannot be read (EISDIR).`,
    );
    await writeFile(place.stateFile, "a file and no folder");
    const stateFile = join(place.stateFile, "simulator.json");
    await expect(startTestApp({ stateFile })).rejects.toMatchObject({
      code: "invalid_input",
      message: `The state file ${stateFile} cannot be read (ENOTDIR).`,
    });
  });
});
