import { describe, expect, it } from "vitest";

import { dashboardSteps } from "../doctor/dashboard-steps.ts";
import { guidePage } from "./guide-page.ts";
import { goingLiveGuide } from "./guide.ts";

const ON_A_SERVER = { appUrl: "https://connections.example.com", isProduction: true, facebook: null };
const AT_HOME = { appUrl: "http://localhost:5173", isProduction: false, facebook: null };

describe("the guide to going live", () => {
  it("has every step that the doctor lists, in its order and its words", () => {
    const facebook = { configId: "123456789" };
    const { sections } = goingLiveGuide({ ...ON_A_SERVER, facebook });
    const steps = sections.flatMap((section) => section.steps);
    const ofDoctor = dashboardSteps({ appUrl: ON_A_SERVER.appUrl, instagram: {}, facebook });
    const known = new Set<string>(ofDoctor.map(({ id }) => id));
    expect(steps.filter(({ id }) => known.has(id))).toEqual(
      ofDoctor.map(({ flavour: _flavour, ...step }) => step),
    );
    expect(new Set(steps.map(({ id }) => id)).size).toBe(steps.length);
    for (const login of ["instagram", "facebook"]) {
      const names = steps.flatMap(({ id }) => (id.startsWith(login) ? [id.slice(login.length + 1)] : []));
      expect(names.slice(0, 3)).toEqual(["app", "product", "credentials"]);
      expect(names.slice(-5)).toEqual(["restart", "doctor", "sign_in", "advanced_access", "live"]);
    }
  });

  it("is filled in with the address as it has to be registered, though the installation is not there yet", () => {
    const guide = goingLiveGuide(AT_HOME);
    expect(guide).toMatchObject({ appUrl: "https://localhost:5173", isAtAddress: false });
    const copies = guide.sections.flatMap(({ steps }) => steps.map(({ copy }) => copy));
    expect(copies).toContain("APP_URL=https://localhost:5173");
    expect(copies).toContain("https://localhost:5173/auth/instagram/callback");
    expect(copies).toContain("https://localhost:5173/auth/facebook/callback");
    expect(copies).toContain("https://localhost:5173/meta/deauthorize");
    expect(copies).toContain("https://localhost:5173/meta/data-deletion");
    expect(copies).toContain("npx pnpm@12 dev");
    expect(goingLiveGuide(ON_A_SERVER).isAtAddress).toBe(true);
  });

  it("names what is asked of people with what it is for", () => {
    for (const { id, scopes } of goingLiveGuide(AT_HOME).sections) {
      expect(scopes.length > 0).toBe(id === "instagram" || id === "facebook");
      for (const { purpose } of scopes) expect(purpose).toMatch(/^[A-Z].*\.$/);
    }
  });

  it("speaks in whole sentences, and blames nobody", () => {
    const { sections, stages, wrongClaims } = goingLiveGuide(ON_A_SERVER);
    const sentences = [
      ...sections.flatMap(({ intro, steps }) => [
        intro,
        ...steps.flatMap(({ task, reason }) => [task, reason]),
      ]),
      ...stages.flatMap(({ who, takes }) => [who, takes]),
      ...wrongClaims.flatMap(({ claim, truth }) => [claim, truth]),
    ];
    for (const sentence of sentences) expect(sentence).toMatch(/^[A-Zh].*\.$/s);
    expect(sentences.join(" ")).not.toMatch(/!|\bOops\b|\bplease\b|\bjust\b|\bsimply\b/i);
  });

  it("is the page of the documentation", async () => {
    await expect(guidePage(goingLiveGuide(ON_A_SERVER))).toMatchFileSnapshot(
      "../../../../docs/going-live.md",
    );
  });
});
