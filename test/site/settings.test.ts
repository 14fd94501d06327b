import {execFileSync} from "node:child_process";
import {cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join, resolve} from "node:path";
import {afterAll, expect, test} from "vitest";

/** The site built for a host that says where it is, away from the dist/ that the other tests look at. */
const root = mkdtempSync(join(tmpdir(), "setmem-settings-"));
afterAll(() => rmSync(root, {recursive: true, force: true}));

/** Framework and what comes after it, over the code that is bundled already: the pages' text is not the question. */
const BUILD = `
  import {finish} from "./scripts/finish.ts";
  import {framework} from "./scripts/framework.ts";
  await framework(["build"]);
  await finish("dist");
`;

test("SETMEM_BASE tells the page for lost addresses where the site is, SETMEM_URL makes the shared picture absolute", {timeout: 180_000}, () => {
  const left = new Set(["node_modules", "dist", ".git", ".cache", "test", "recordings"]);
  cpSync(".", root, {recursive: true, filter: (path) => !left.has(path.split(/[\\/]/).at(-1) ?? "")});
  for (const name of readdirSync(join(root, "docs"))) if (/^(?!404).*\.md$/.test(name)) writeFileSync(join(root, "docs", name), "# A page\n");
  symlinkSync(resolve("node_modules"), join(root, "node_modules"), "junction");
  cpSync(".cache/hook.cjs", join(root, ".cache/hook.cjs"));
  writeFileSync(join(root, "build.ts"), BUILD);
  const env = {...process.env, SETMEM_BASE: "/some/where/", SETMEM_URL: "https://host.example/some/where/"};
  execFileSync(process.execPath, ["--import", "tsx", "build.ts"], {cwd: root, env, stdio: ["ignore", "ignore", "inherit"]});
  const read = (name: string): string => readFileSync(join(root, "dist", name), "utf8");
  const references = Array.from(read("404.html").matchAll(/ (?:href|src)="([^"#]*)"/g), ([, value = ""]) => value).filter((value) => value !== "" && !value.startsWith("http"));
  expect(references.length).toBeGreaterThan(5);
  expect(references.filter((value) => !value.startsWith("/some/where/") && !/<base href="\/some\/where\/">/.test(read("404.html")))).toEqual([]);
  expect(read("index.html")).toContain('content="https://host.example/some/where/social-card.png"');
  expect(read("index.html")).not.toContain('href="/some/where/');
});
