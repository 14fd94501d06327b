import {describe, expect, test} from "vitest";
import {renderEvidence} from "../../../../docs/components/build/evidence.tsx";
import {evidenceOf} from "../../../../docs/components/evidence/groups.ts";
import {checkRecording} from "../../../../src/check/check.ts";
import {parseRecording} from "../../../../src/check/parse.ts";
import type {Json} from "../../../../src/check/types.ts";

const evidence = (rows: readonly Json[], kind = "published"): ReturnType<typeof evidenceOf> => {
  const recording = parseRecording({about: "a", recorded: {}, setup: {kind}, rows}, "x.json");
  return evidenceOf(checkRecording(recording), recording);
};
const minFree = (within: Json, published: Json, more: Readonly<Record<string, Json>> = {}): Json => ({command: "minFree", given: {managedMB: 130607, within}, published: {minFreeMB: published}, note: "esxtop on a host", what: "free memory wanted", ...more});

describe("published numbers", () => {
  test("are shown in words, with where they are from", () => {
    expect(evidence([minFree({absolute: 5}, 1920)]).published).toEqual([
      {what: "free memory wanted", source: "esxtop on a host", missed: null, values: [{path: "rows[0].published.minFreeMB", name: "MB", published: "1,920", ours: "1,920.5", bar: "± 5", within: true}]}
    ]);
  });
  test("of which only a bound or an error is known are held to that, and not to 0", () => {
    const [value] = evidence([minFree({most: 2000}, null)]).published?.[0]?.values ?? [];
    expect(value).toMatchObject({published: "", ours: "1,920.5", bar: "at most 2000", within: true});
  });
  test("say why they are missed, and only then", () => {
    expect([evidence([minFree({most: 5}, null, {missed: "why"})]), evidence([minFree({most: 5000}, null, {missed: "why"})])].map(({published}) => published?.[0]?.missed)).toEqual(["why", null]);
  });
  test("of a policy are told by what it is given", () => {
    const guests = [{currentMB: 1000, minimumMB: 1000, maximumMB: 2000, shares: 2000, freeMB: 0}];
    const rows = evidence([
      {command: "proxmox", given: {guests, goalMB: 90, hopMB: 100, repeated: false}, published: {guest1MB: 1090}, note: "n"},
      {command: "mom", given: {currentMB: 4096, unusedMB: 1024, minimumMB: 0, maximumMB: 4096, hostFree: 0.1, within: {absolute: 1}}, published: {targetMB: 3891.2}, note: "n"},
      {command: "vmShares", given: {level: "high", memoryMB: 1}, published: {shares: 20}, note: "n"}
    ]).published ?? [];
    expect(rows.map(({what, values}) => [what, values[0]?.name])).toEqual([
      ["Proxmox: 90 MB to share out among 1 guest, one round", "guest 1, MB"],
      ["MOM: a guest of 4,096 MB on a host of which 10 % is free", "target, MB"],
      ["vmShares", "shares"]
    ]);
  });
  test("a recording has none", () => {
    expect(evidence([{command: "x", given: {}, result: 1}], "libvirt").published).toBeNull();
  });
});

describe("the page", () => {
  const text = (part: string): string => renderEvidence(part).replace(/<[^>]+>/g, "|").replace(/\|+/g, "|");
  test("names figure and source of published numbers, and no error as a share of nothing", () => {
    const all = text("recordings");
    expect(all).toMatch(/fast average, mean error, MB\|\|?[\d.]+\|at most 15/);
    expect(all).toContain("Figure 7: 77.5 MB in 35 s");
    expect(all).toContain("Missed:");
    expect(all.includes("|published.")).toBe(false);
    expect(/\d{4}\.\d %/.test(all)).toBe(false);
    expect(all).toContain("|Not compared:|Figure 2");
  });
  test("says of every miss what it is", () => {
    expect(text("misses")).toContain("five machines boot at once: most paged out, our run, MB. Before it pages");
  });
});
