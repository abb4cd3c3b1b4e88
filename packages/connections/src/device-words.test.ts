import { describe, expect, it } from "vitest";

import { deviceWords } from "./device-words.ts";

const CHROME = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0";

describe("a device in words", () => {
  it.each([
    [
      "Firefox on Windows",
      "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:152.0) Gecko/20100101 Firefox/152.0",
    ],
    [
      "Firefox on iPhone",
      "Mozilla/5.0 (iPhone; CPU iPhone OS 20_0 like Mac OS X) FxiOS/152.0 Mobile/15E148 Safari/605.1",
    ],
    ["Chrome on Linux", `Mozilla/5.0 (X11; Linux x86_64) ${CHROME} Safari/537.36`],
    ["Chrome on Android", `Mozilla/5.0 (Linux; Android 16; K) ${CHROME} Mobile Safari/537.36`],
    ["Chrome on ChromeOS", `Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) ${CHROME} Safari/537.36`],
    ["Edge on Mac", `Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) ${CHROME} Safari/537.36 Edg/150.0.0.0`],
    ["Opera on Windows", `Mozilla/5.0 (Windows NT 10.0) ${CHROME} Safari/537.36 OPR/130.0.0.0`],
    [
      "Samsung Internet on Android",
      `Mozilla/5.0 (Linux; Android 16; K) SamsungBrowser/30.0 ${CHROME} Mobile Safari/537.36`,
    ],
    [
      "Safari on Mac",
      "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/20.0 Safari/605.1.15",
    ],
    [
      "Safari on iPad",
      "Mozilla/5.0 (iPad; CPU OS 20_0 like Mac OS X) Version/20.0 Mobile/15E148 Safari/604.1",
    ],
    [
      "Instagram on iPhone",
      "Mozilla/5.0 (iPhone; CPU iPhone OS 20_0 like Mac OS X) Mobile/15E148 Instagram 400.0",
    ],
    ["Browser on Linux", "X11 something"],
    ["Unknown browser", "curl/8.0 <script>alert(1)</script>"],
    ["Unknown browser", null],
  ])("is %s", (words, userAgent) => {
    expect(deviceWords(userAgent)).toBe(words);
  });
});
