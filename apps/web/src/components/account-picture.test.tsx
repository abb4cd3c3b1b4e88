import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, it } from "vitest";

import { AccountPicture, initialsOf, isWebAddress } from "./account-picture.tsx";

describe("initialsOf", () => {
  it("takes the first letters of the first two words", () => {
    expect(initialsOf("acme.shop")).toBe("as");
    expect(initialsOf("ana")).toBe("a");
    expect(initialsOf("__north_light_studio__")).toBe("nl");
  });

  it("never cuts a letter in half and always says something", () => {
    expect(initialsOf("𝒜lpha")).toBe("𝒜");
    expect(initialsOf("متجر")).toBe("م");
    expect(initialsOf("🌵🌵")).toBe("?");
    expect(initialsOf("")).toBe("?");
  });
});

describe("AccountPicture", () => {
  it("SP-03 asks no other scheme than the web's for a picture", () => {
    for (const address of [
      "javascript:alert(1)",
      "data:text/html,x",
      "file:///etc/passwd",
      "//x",
      "not an address",
    ]) {
      expect(isWebAddress(address)).toBe(false);
      const html = renderToStaticMarkup(<AccountPicture username="ana" pictureUrl={address} size="medium" />);
      expect(html).not.toContain("<img");
    }
    expect(isWebAddress("https://scontent.cdninstagram.com/a.jpg?x=1")).toBe(true);
  });

  it("sends no referrer along with the request for a picture", () => {
    const html = renderToStaticMarkup(
      <AccountPicture username="ana" pictureUrl="https://pictures.test/a.jpg" size="large" />,
    );
    expect(html).toContain('referrerPolicy="no-referrer"');
    expect(html).toContain('alt=""');
  });

  it("SP-03 keeps a hostile username inert", () => {
    const html = renderToStaticMarkup(
      <AccountPicture username="<script>alert(1)</script>" pictureUrl={null} size="medium" />,
    );
    expect(html).not.toContain("<script");
  });
});
