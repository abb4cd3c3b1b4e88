import { expect, it } from "vitest";
import { readForm } from "./form.ts";

const fields = (type: string | undefined, body: string) => [...readForm(type, Buffer.from(body))];

it("reads urlencoded fields, whatever the letter case and charset of the type", () => {
  expect(fields("application/X-WWW-form-urlencoded; charset=UTF-8", "a=1+2&b=%C3%A9")).toEqual([
    ["a", "1 2"],
    ["b", "é"],
  ]);
});

it("reads multipart fields, quoted and bare", () => {
  const body = [
    "--x",
    'Content-Disposition: form-data; name="code"',
    "",
    "first\r\nsecond",
    "--x",
    "Content-Type: text/plain",
    "Content-Disposition: form-data; name=empty",
    "",
    "",
    "--x--",
    "",
  ].join("\r\n");
  for (const boundary of ["x", '"x"']) {
    expect(fields(`multipart/form-data; boundary=${boundary}`, body)).toEqual([
      ["code", "first\r\nsecond"],
      ["empty", ""],
    ]);
  }
});

it("finds no fields in anything else", () => {
  expect(fields("application/json", '{"client_id":"1"}')).toEqual([]);
  expect(fields(undefined, "client_id=1")).toEqual([]);
  expect(fields("multipart/form-data", "--x\r\n\r\n")).toEqual([]);
  expect(fields("multipart/form-data; boundary=x", "--x\r\nno blank line")).toEqual([]);
});
