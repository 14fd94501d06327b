import {resolve} from "node:path";
import {expect} from "vitest";
import {describe, eventually, test} from "./harness.ts";

const broken = (text: string) => ({name: "mine.json", mimeType: "application/json", buffer: Buffer.from(text)});

describe("a recording of the reader's own", () => {
  test("is replayed in the page; its code comes with the first file", async ({open}) => {
    const {page, requests} = await open("evidence.html");
    await page.waitForLoadState("networkidle");
    const before = requests.length;
    await page.getByLabel("A recording, or several").setInputFiles([resolve("data/guest/steps.json"), resolve("data/recordings/qemu-size-pc-512.json")]);
    const sections = page.locator(".yours-result .evidence");
    await eventually(() => sections.count()).toBe(2);
    expect(await sections.first().locator("> p").first().textContent()).toContain("All 22 values that have a bar are within it");
    expect(await sections.first().locator("figure svg").count()).toBeGreaterThan(3);
    expect(requests.length).toBeGreaterThan(before);
  });

  test("what is no recording is said beside the field, and nothing in it is taken for HTML", async ({open}) => {
    const {page} = await open("evidence.html");
    const field = page.getByLabel("A recording, or several");
    const said = page.locator(".yours-result [role=alert]");
    await field.setInputFiles([broken("{")]);
    await eventually(() => said.count()).toBe(1);
    expect(await said.textContent()).toContain("mine.json: ");
    await field.setInputFiles([broken(JSON.stringify({about: "<img src=x onerror=alert(1)>", recorded: {}, setup: {}, units: [], steps: [{act: {tool: "sh"}, after: {"<b>": {x: 1}}}]}))]);
    await eventually(() => said.textContent()).toContain("none of a kind that is replayed here");
    await field.setInputFiles([broken(JSON.stringify({about: "<img src=x>", recorded: {hypervisor: "v86 0.5.462"}, setup: {memoryMiB: "80"}, units: [], steps: [{act: {tool: "sh", text: "drop"}, after: {guest: {}}}]}))]);
    await eventually(() => said.textContent()).toContain("setup.memoryMiB is not a whole number of MiB from 68");
    expect(await page.locator(".yours-result img").count()).toBe(0);
  });
});
