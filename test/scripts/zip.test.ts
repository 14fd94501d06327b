import {mkdirSync, mkdtempSync, readFileSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {strFromU8, unzipSync} from "fflate";
import {expect, test} from "vitest";
import {SITE_ZIP, zipSite} from "../../scripts/zip.ts";

function site(names: readonly string[]): string {
  const dist = mkdtempSync(join(tmpdir(), "setmem-"));
  mkdirSync(join(dist, "b"));
  for (const name of names) writeFileSync(join(dist, name), `text of ${name}`);
  return dist;
}

test("all files, in order, with a note; the same bytes whatever the order they were written in, and a second time", () => {
  const names = ["index.html", "b/x.js", "a.png", ".nojekyll"];
  const [one, other] = [site(names), site([...names].reverse())];
  for (const dist of [one, other, other]) zipSite(dist);
  const zip = readFileSync(join(one, SITE_ZIP));
  expect(readFileSync(join(other, SITE_ZIP)).equals(zip)).toBe(true);
  const files = unzipSync(zip);
  expect(Object.keys(files)).toEqual(["setmem/README.txt", "setmem/.nojekyll", "setmem/a.png", "setmem/b/x.js", "setmem/index.html"]);
  expect(strFromU8(files["setmem/b/x.js"] ?? new Uint8Array())).toBe("text of b/x.js");
  expect(strFromU8(files["setmem/README.txt"] ?? new Uint8Array())).toContain("python3 -m http.server");
});
