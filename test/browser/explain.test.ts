import {expect} from "vitest";
import {examples} from "../../docs/components/explain/examples.ts";
import {describe, eventually, fragment, PHONE, test} from "./harness.ts";

const PAGE = "explain.html";
const results = ".explain-results";

describe("explain my VM", () => {
  test("the first example is explained before any script runs, and nothing more is loaded until it is wanted", async ({open}) => {
    const plain = await open(PAGE, {javaScriptEnabled: false});
    expect(await plain.page.locator(`${results} .finding.is-error`).first().textContent()).toContain("hard_limit is 512 MiB");
    const {requests} = await open(PAGE);
    expect(requests.filter((request) => /\/app-/.test(request.url()))).toEqual([]);
  });

  test("each example, and its marks behind the text", async ({open}) => {
    const {page} = await open(PAGE);
    for (const {title, text} of examples) {
      await page.getByRole("button", {name: title, exact: true}).click();
      await eventually(() => page.locator("textarea").inputValue()).toBe(text);
      await eventually(() => page.locator(".explain-marks").textContent()).toBe(`${text}\n`);
      expect(await page.locator(".explain-marks mark").count()).toBeGreaterThan(0);
    }
  });

  test("what is typed is explained, and a finding leads to its place", async ({open}) => {
    const {page} = await open(PAGE);
    await page.locator("textarea").fill("# a guest\nmemory = 1024\nmaxmem = 512\n");
    await eventually(() => page.locator(`${results} .finding.is-warning`).first().textContent()).toContain("memory asks for 1024 MiB, which is above maxmem, 512 MiB");
    await page.locator(`${results} .finding.is-warning button`).first().click();
    expect(await page.locator("textarea").evaluate((e) => (e as HTMLTextAreaElement).value.slice((e as HTMLTextAreaElement).selectionStart, (e as HTMLTextAreaElement).selectionEnd))).toBe("1024");
  });

  test("nothing that is pasted becomes part of the page", async ({open}) => {
    const {page} = await open(PAGE);
    const evil = `<domain type='kvm'><name>&lt;img src=x onerror=alert(1)&gt;<![CDATA[<script>alert(1)</script>]]></name><memory unit='&lt;b&gt;'>1</memory></domain>`;
    await page.locator("textarea").fill(evil);
    await eventually(() => page.locator(results).textContent()).toContain("unknown suffix '<b>'");
    expect(await page.locator(`#explain img, #explain script, ${results} .finding b b`).count()).toBe(0);
    await page.locator("textarea").fill("<domain>\n<memory>");
    await eventually(() => page.locator(".explain-error").textContent()).toContain("at 2:8");
    expect(await page.locator("textarea").inputValue()).toBe("<domain>\n<memory>");
  });

  test("a translation, and what it loses", async ({open}) => {
    const {page} = await open(PAGE);
    await page.getByLabel("Translate to").selectOption("vmx");
    await eventually(() => page.locator(`${results} pre`).first().textContent()).toContain('memsize = "1908"');
    expect(await page.locator(".explain-losses").textContent()).toContain("hardLimit: 524288 KiB → nothing");
  });

  test("the pasted machine is in motion, and a link opens it on its case page", async ({open}) => {
    const {page} = await open(PAGE);
    await page.locator("textarea").fill("<domain type='kvm'><memory unit='MiB'>3072</memory><currentMemory unit='MiB'>1536</currentMemory></domain>");
    const live = page.locator(`${results} section`, {hasText: "This machine in motion"});
    await eventually(() => live.textContent()).toContain("1,536\u00a0MiB are in the balloon");
    await live.getByRole("slider", {name: "moment"}).fill("1");
    await eventually(() => live.textContent()).toContain("At 1 s the guest has");
    await eventually(() => live.textContent()).toContain("0\u00a0MiB are in the balloon");
    await live.getByRole("link", {name: /case page/}).click();
    await eventually(() => page.getByLabel("configured", {exact: true}).first().inputValue()).toBe("3072");
    await eventually(() => page.getByLabel("target", {exact: true}).first().inputValue()).toBe("1536");
  });

  test("a link carries the text in its fragment", async ({open}) => {
    const {page} = await open(PAGE);
    await page.locator("textarea").fill("memory = 77\n");
    await page.getByRole("button", {name: "Copy link"}).click();
    await eventually(() => fragment(page)).toMatch(/^#x=[\w-]+$/);
    const {page: other} = await open(PAGE + fragment(page));
    await eventually(() => other.locator("textarea").inputValue()).toBe("memory = 77\n");
    const {page: broken} = await open(`${PAGE}#x=%%%`);
    expect(await broken.locator("textarea").inputValue()).toBe(examples[0]?.text);
  });

  test("a large text is read in a worker; several files are one host", async ({open}) => {
    const {page} = await open(PAGE);
    const large = `<domain type='kvm'><description>${"x ".repeat(200_000)}</description><memory unit='MiB'>1024</memory></domain>`;
    const started = page.waitForEvent("worker");
    await page.locator("[data-open]").setInputFiles([{name: "a.xml", mimeType: "text/xml", buffer: Buffer.from(large)}, {name: "b.cfg", mimeType: "text/plain", buffer: Buffer.from("memory = 512")}]);
    await started;
    await eventually(() => page.locator(results).textContent()).toContain("2 machines on one host");
    expect(await page.locator(results).textContent()).toContain("configured  1536 MiB");
    await page.getByRole("button", {name: "b.cfg"}).click();
    await eventually(() => page.locator(".explain-kind").textContent()).toContain("Read as xl");
  });

  test("a phone", async ({open}) => {
    const {page} = await open(PAGE, {viewport: PHONE});
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
  });
});
