import { describe, expect, it } from "vitest";

import { announcementOf } from "./sign-in-progress.tsx";
import { ALL_STEPS_DONE, NO_STEPS, STEPS, isStepName, stepsUpTo } from "./steps.ts";

describe("stepsUpTo", () => {
  it("shows what was done before the failing step and nothing after it", () => {
    for (const [index, { name }] of STEPS.entries()) {
      const statuses = Object.values(stepsUpTo(name, NO_STEPS));
      expect(statuses.slice(0, index).every((status) => status === "done")).toBe(true);
      expect(statuses[index]).toBe("failed");
      expect(statuses.slice(index + 1).every((status) => status === "waiting")).toBe(true);
    }
  });

  it("keeps what was seen when nobody says which step failed, and leaves none running", () => {
    const seen = { ...NO_STEPS, code_accepted: "done", long_lived_token: "running" } as const;
    expect(stepsUpTo(null, seen)).toEqual({ ...NO_STEPS, code_accepted: "done" });
  });
});

describe("announcementOf", () => {
  it("says the step that was finished last, and how many there are", () => {
    expect(announcementOf(NO_STEPS)).toBe("Finishing the sign-in.");
    expect(announcementOf({ ...NO_STEPS, code_accepted: "done" })).toBe(
      "Code accepted. Step 1 of 4 is done.",
    );
    expect(announcementOf(ALL_STEPS_DONE)).toBe("Sealed and stored. Step 4 of 4 is done.");
  });
});

describe("isStepName", () => {
  it("knows the steps and nothing that an object happens to have", () => {
    expect(isStepName("profile")).toBe(true);
    for (const text of [null, "", "ended", "toString", "__proto__"]) expect(isStepName(text)).toBe(false);
  });
});
