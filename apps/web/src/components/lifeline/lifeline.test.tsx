import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, it } from "vitest";

import { layOutLifeline, type LifelineEvent } from "./geometry.ts";
import { Lifeline } from "./lifeline.tsx";

const DAY_MS = 86_400_000;
const NOW = Date.parse("2027-03-12T10:00:00Z");

function draw(ageDays: number, options: { size?: "small" | "large"; events?: LifelineEvent[] } = {}): string {
  const issuedAt = NOW - ageDays * DAY_MS;
  const life = {
    issuedAt,
    refreshableAt: issuedAt + DAY_MS,
    dueAt: issuedAt + 30 * DAY_MS,
    urgentAt: issuedAt + 53 * DAY_MS,
    expiresAt: issuedAt + 60 * DAY_MS,
    nextRefreshAt: Math.max(NOW, issuedAt + 30 * DAY_MS),
    chancesLeft: 2_880,
    renewal: "automatic" as const,
  };
  return renderToStaticMarkup(
    <Lifeline
      life={life}
      geometry={layOutLifeline(life, options.events ?? [], NOW)}
      now={NOW}
      tone="healthy"
      size={options.size ?? "large"}
      alternative="Good for long. Next renewal soon."
    />,
  );
}

describe("Lifeline", () => {
  it("says in words what it shows, and hides the drawing from screen readers", () => {
    const html = draw(12);
    expect(html).toContain('<p class="sr-only">Good for long. Next renewal soon.</p>');
    expect(html).toContain('aria-hidden="true"');
    expect(html).toContain("Day 13 of 60");
    expect(html).toContain("Renewal due");
  });

  it("draws no live part and no present once the token has expired", () => {
    expect(draw(12)).toContain("lifeline-live");
    const over = draw(61);
    expect(over).not.toContain("lifeline-live");
    expect(over).toContain('data-over="true"');
    expect(over).toContain("Expired");
    expect(over).not.toContain("Day ");
  });

  it("leaves words and attempts to the large one", () => {
    const small = draw(12, { size: "small" });
    expect(small).not.toContain("Day 13");
    expect(small.match(/<line/g)?.length).toBeLessThan(draw(12).match(/<line/g)?.length ?? 0);
  });

  it("HD-02 brings no style element and no script along", () => {
    expect(draw(12)).not.toMatch(/<style|<script|javascript:/);
  });
});
