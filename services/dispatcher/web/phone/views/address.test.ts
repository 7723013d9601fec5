import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { addressParts } from "./address.ts";

for (const [address, street, unit] of [
  ["花园路12号3号楼2单元502室", "花园路12号", "3号楼2单元502室"],
  ["花园路12号 5楼502室", "花园路12号", "5楼502室"],
  ["花园路12号 (12 Garden Road)", "花园路12号 (12 Garden Road)", ""],
  ["12 Garden Road, Building 3, Floor 5, Flat 502", "12 Garden Road", "Building 3, Floor 5, Flat 502"],
  ["Flat 2, 12 Garden Road", "12 Garden Road", "Flat 2"],
  ["502室", "502室", ""],
  ["", "", ""],
] as const)
  test(`the house of "${address}" is "${street}", inside it is "${unit}"`, () => {
    assert.deepEqual(addressParts(address), { street, unit });
  });

test("no letter or digit of an address is lost", () => {
  const letters = (text: string) =>
    [...text]
      .filter((one) => /[\p{L}\p{N}]/u.test(one))
      .sort()
      .join("");
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(..."12号楼室 ,，Flat花-") }), (address) => {
      const { street, unit } = addressParts(address);
      assert.equal(letters(street + unit), letters(address));
    }),
  );
});
