import {readFileSync} from "node:fs";
import {describe, expect, test} from "vitest";
import type {CaseRun} from "../../docs/components/case/run.ts";
import {fixedWords, isSaidIn, meetingOf, namedIds} from "../../docs/components/build/message-links.ts";
import {answerTo} from "../../docs/components/build/matrix-run.ts";
import {messages} from "../../docs/components/build/reference-data.ts";
import {renderReference} from "../../docs/components/build/reference.tsx";
import {hrefOf, isStateName, pageStateOf, states, type StateName} from "../../docs/components/build/state-links.ts";
import {symptomStates} from "../../docs/components/build/symptom-links.tsx";
import {claims} from "../../docs/components/build/claims-data.ts";
import {explainHref} from "../../docs/components/build/text-links.ts";
import {textOf} from "../../docs/components/explain/share.ts";
import {pageById} from "../../docs/components/pages/index.ts";
import {decode} from "../../docs/components/state/link.ts";
import {explain} from "../../src/explain/explain.ts";
import {initialState} from "../../docs/components/state/page-state.ts";
import {seconds} from "../../src/units.ts";

type Run = CaseRun & {readonly log: readonly {readonly at: number; readonly text: string}[]};

const names = Object.keys(states).filter(isStateName);
const pageOf = (name: StateName) => pageById(states[name].page) ?? expect.unreachable();

/** What the page computes in a state, and everything its tools print there. */
function open(name: StateName): {readonly run: Run; readonly time: number; readonly printed: string} {
  const page = pageOf(name);
  const state = pageStateOf(name);
  const computed = page.compute(state, null);
  const time = state.params.time ?? 0;
  return {run: (computed as {readonly run: Run}).run, time, printed: (page.tools?.(computed) ?? []).map(({output}) => output).join("\n")};
}

/** MiB at the moment of the state. */
const at = (name: StateName) => {
  const {run, time} = open(name);
  const row = run.stateAt(seconds(time));
  return Object.fromEntries(Object.entries(row).map(([key, value]) => [key, Math.round(value / 1024)]));
};

describe("links into states", () => {
  test.each(names)("%s opens exactly its state, without a notice", (name) => {
    const [page = "", fragment = ""] = hrefOf(name).split("#");
    expect(page).toBe(`${states[name].page}.html`);
    expect(decode(pageOf(name).spec, `#${fragment}`)).toEqual({heading: "the-same-pages-seen-twice", state: pageStateOf(name), problem: null});
    expect(pageStateOf(name)).not.toEqual(initialState(pageOf(name).spec));
  });

  test.each(["qemu-kvm", "xen-pv", "xen-fv", "cgroups", "esx"])("the heading the links lead to is on %s", (page) => {
    expect(readFileSync(new URL(`../../docs/${page}.md`, import.meta.url), "utf8")).toMatch(/^## The same pages, seen twice$/m);
  });

  test("each state shows what its words say", () => {
    expect(at("no-driver")).toMatchObject({target: 1024, actual: 2048});
    expect(at("on-its-way").actual).toBeGreaterThan(1024);
    expect(at("target-reached")).toMatchObject({target: 1024, actual: 1024});
    expect(at("floor").actual).toBeGreaterThan(100);
    expect(at("grown-back").actual).toBeGreaterThan(512 + 300);
    expect(at("larger-size-old-target")).toMatchObject({configured: 3072, actual: 2048});
    expect(at("after-boot")).toMatchObject({balloon: 0, target: 2048});
    expect(at("total-stays")).toMatchObject({balloon: 1024, memTotal: at("after-boot").memTotal});
    expect(at("booting")).toMatchObject({target: 1024, actual: 2048});
    expect(at("host-swaps").hostSwapped).toBeGreaterThan(300);
    expect(at("freed-not-returned").resident).toBeGreaterThan(1500);
    expect(at("untouched")).toMatchObject({balloon: 1024});
    expect((at("after-boot").resident ?? 0) - (at("untouched").resident ?? 0)).toBeLessThan(50);
    expect(at("all-written").resident).toBeGreaterThan(1700);
    expect((at("permission").actual ?? 0) - (at("permission").resident ?? 0)).toBeGreaterThan(1000);
    expect(at("xen-gives-up").actual).toBeGreaterThan(1000);
    expect(at("refused-request").balloon).toBe(at("killing").balloon);
    expect(at("fv-waits")).toMatchObject({configured: 2048, target: 1024});
    expect(at("fv-waits").balloon).toBeGreaterThan(200);
    expect(at("cap-unseen")).toMatchObject({hostSwapped: 0, configured: 1024});
    expect([at("cap-unseen").memTotal, at("cap-unseen").memFree].every((size) => (size ?? 0) > 850)).toBe(true);
    expect(at("cap-throttles").resident).toBeGreaterThan(500);
    expect(at("cap-throttles").resident).toBeLessThan(540);
    expect(at("cap-swap-alone").resident).toBeLessThanOrEqual(500);
    expect(at("cap-swap-alone").hostSwapped).toBeGreaterThan(250);
    expect(at("esx-limited")).toMatchObject({configured: 2048});
    expect(at("esx-limited").balloon).toBeGreaterThan(500);
    expect(at("esx-limited").hostFree).toBeGreaterThan(14 * 1024);
    expect(at("esx-no-driver")).toMatchObject({balloon: 0, configured: 2048});
    expect(at("esx-limited-deeply").balloon).toBe(Math.floor(0.65 * 2048));
    expect(at("esx-limited-deeply").hostSwapped).toBeGreaterThan(50);
    const {printed} = open("driver-not-yet");
    expect([printed.includes("last_update 0"), printed.includes("unused")]).toEqual([true, false]);
  });
});

describe("messages", () => {
  test.each(messages.messages.map((message) => [message.id, message] as const))("%s is met where it is said to be, or nowhere for a reason", (id, message) => {
    const meeting = meetingOf(message);
    if (meeting.kind === "none") {
      expect(meeting.why).toMatch(/^\w.{15,}[^.]$/);
      return;
    }
    if (meeting.kind === "cell") {
      const {cell} = meeting;
      const text = [answerTo(cell).stderr, ...cell.others.map((other) => other.message)].join("\n");
      for (const words of fixedWords(message.message)) expect(text).toContain(words);
      return;
    }
    if (meeting.kind === "text") {
      const {text, instead} = meeting.example;
      const said = explain(text).findings.map(({what}) => what);
      expect(said.some((what) => (instead === undefined ? isSaidIn(what, id) : what.includes(instead) && !isSaidIn(what, id))), said.join("; ")).toBe(true);
      return;
    }
    const {run, time, printed} = open(meeting.state);
    const logged = run.log.filter((line) => line.at <= time + 0.05).map(({text}) => text);
    expect([printed, ...logged].some((text) => isSaidIn(text, id))).toBe(true);
  });

  test("what is named has a message, once", () => {
    const ids = messages.messages.map(({id}) => id);
    expect(new Set(namedIds).size).toBe(namedIds.length);
    for (const id of namedIds) expect(ids).toContain(id);
  });

  test("each is named once, and a reason is given only where nothing shows it", () => {
    const kinds = messages.messages.map((message) => ({id: message.id, kind: meetingOf(message).kind}));
    for (const {id, kind} of kinds) expect(namedIds.filter((named) => named === id).length, id).toBe(kind === "cell" ? 0 : 1);
    const count = (wanted: string): number => kinds.filter(({kind}) => kind === wanted).length;
    expect(count("state")).toBeGreaterThanOrEqual(15);
    expect(count("cell")).toBeGreaterThanOrEqual(20);
    expect(count("text")).toBeGreaterThanOrEqual(24);
    expect(count("none")).toBeLessThanOrEqual(28);
  });

  test("a reader gets the link or the reason", () => {
    const html = messages.groups.map(({id}) => renderReference("messages", id) ?? "").join("");
    expect(html).toContain(`href="${hrefOf("above-maximum").replaceAll("&", "&amp;")}"`);
    expect(html).toContain('href="libvirt.html#set-max-memory-qemu-running"');
    expect(html.split("<b>Open it:</b>").length + html.split("No run shows it:").length - 2).toBe(messages.messages.length);
  });
});

describe("what an operator sees", () => {
  const text = readFileSync(new URL("../../docs/symptoms.md", import.meta.url), "utf8");
  const seen = [...text.matchAll(/^### (.+)\n/gm)].map(([, heading = ""]) => heading.toLowerCase().replaceAll(/[^\w\s-]/g, "").replaceAll(/\s+/g, "-"));

  test("every entry asks for its states, and no other", () => {
    expect([...text.matchAll(/^```setmem symptom (\S+)$/gm)].map(([, name]) => name)).toEqual(seen);
    expect(Object.keys(symptomStates)).toEqual(seen);
  });

  test("and gets links or a reason", () => {
    for (const [name, found] of Object.entries(symptomStates)) {
      const html = renderReference("symptom", name) ?? "";
      if ("why" in found) expect(html).toContain(`No run shows it:</b> ${found.why}.`);
      else if ("cell" in found) expect(html).toContain(`href="libvirt.html#${found.cell}"`);
      else for (const state of found.states) expect(html).toContain(states[state].text);
    }
    expect(Object.values(symptomStates).filter((found) => "states" in found).length).toBeGreaterThanOrEqual(25);
    expect(Object.values(symptomStates).filter((found) => "why" in found)).toEqual([symptomStates["the-statistics-never-change"]]);
    expect(() => renderReference("symptom", "nosuch")).toThrow("no symptom");
  });

  test("a link to a text opens that text", async () => {
    const text = "<domain type='kvm'><memory unit='gigs'>1</memory></domain>\n";
    const [page, fragment = ""] = explainHref(text).split("#");
    expect([page, await textOf(`#${fragment}`)]).toEqual(["explain.html", text]);
  });

  test("every state leads somewhere: a symptom, a message or a claim", () => {
    const used = new Set([...claims.flatMap(({evidence}) => (evidence.kind === "state" ? [evidence.state] : [])), ...Object.values(symptomStates).flatMap((found) => ("states" in found ? found.states : [])), ...messages.messages.flatMap((message) => {
      const meeting = meetingOf(message);
      return meeting.kind === "state" ? [meeting.state] : [];
    })]);
    expect([...used].sort()).toEqual([...names].sort());
  });
});
