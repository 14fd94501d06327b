import {expect, test} from "vitest";
import {schemaMistake} from "../../../src/domain/libvirt/schema.ts";
import type {DomainSpec} from "../../../src/domain/libvirt/spec.ts";
import {errorOf, size} from "./fixture.ts";

const good: DomainSpec = {memory: size("1"), currentMemory: size("1", "mb"), hardLimit: size("1", "BYTES"), softLimit: size(" 1\n", null), minGuarantee: null};
const tail = (element: string): string => `Extra element ${element} in interleave\nInvalid sequence in interleave\nElement domain failed to validate content`;
const message = (text: string): string => `XML document failed to validate against schema: Unable to validate doc against domain.rng\n${text}`;

test("units in any case, sizes in digits", () => {
  expect(() => schemaMistake(good)).not.toThrow();
  expect(() => schemaMistake({})).not.toThrow();
});

test.each<readonly [DomainSpec, string]>([
  [{...good, memory: size("1", "")}, `Invalid attribute unit for element memory\n${tail("memory")}`],
  [{...good, memory: size("+5")}, `Type unsignedLong doesn't allow value '+5'\n${tail("memory")}`],
  [{...good, currentMemory: size("1", "")}, tail("currentMemory")],
  [{...good, currentMemory: size("")}, tail("currentMemory")],
  [{...good, hardLimit: size("")}, tail("memtune")],
  [{...good, softLimit: size("1", "q")}, tail("memtune")],
  [{...good, minGuarantee: size("x")}, tail("memtune")],
  [{...good, swapHardLimit: size("1", "")}, tail("memtune")]
])("%j", (spec, text) => {
  expect(errorOf(() => schemaMistake(spec))).toEqual(["VIR_ERR_XML_INVALID_SCHEMA", message(text)]);
});
