import {h} from "preact";
import {renderToString} from "preact-render-to-string";
import {describe, expect, test} from "vitest";
import {page} from "../../../../docs/components/pages/overcommit-built.ts";
import {spec} from "../../../../docs/components/pages/overcommit.tsx";
import {initialState, type Setting} from "../../../../docs/components/state/page-state.ts";

const initial = initialState(spec);
const setting = (params: Readonly<Record<string, number>> = {}): Setting => ({events: initial.events, params: {...initial.params, ...params}});
const computed = (params: Readonly<Record<string, number>> = {}) => page.compute(setting(params), null);
const said = (name: string, params: Readonly<Record<string, number>> = {}): string => page.numbers[name]?.(computed(params)).text ?? "";
const drawn = (figure: string, params: Readonly<Record<string, number>> = {}): string => renderToString(page.figures[figure]?.render(computed(params), "wide") ?? h("p", null));

describe("who pays", () => {
  test("what a guest's own kernel kills is a cost, in the figure and in the table", () => {
    expect([said("proxmoxKilled"), said("nobodyKilled")]).toEqual(["0", "0"]);
    expect(said("proxmoxKilled", {guestSwap: 0})).toContain("a program of batch");
    expect(drawn("costs")).not.toContain("program killed");
    expect(drawn("costs", {guestSwap: 0})).toContain("program killed");
  });

  test("a machine that the host kills is one, too", () => {
    const killed = said("nobodyKilled", {swap: 0});
    expect(killed).toMatch(/^1: /);
    expect(drawn("costs", {swap: 0})).toMatch(/killed at \d+ s/);
  });

  test("the two that look at a guest's own swap wait for it", () => {
    const wait = (name: string): number => page.numbers[name]?.(computed()).value ?? NaN;
    // The job is told to live in less than it needs, and all of what it needs is in use.
    expect(wait("proxmoxStall")).toBeGreaterThan(10);
    expect(page.numbers.batchPaid?.(computed()).value).toBeGreaterThan(10);
  });
});

describe("machine by machine", () => {
  test("is of the policy that is picked", () => {
    expect([0, 1, 2, 3].map((policy) => said("picked", {policy}))).toEqual(["nobody", "Proxmox", "oVirt MOM", "ESX"]);
    const figures = ["web", "busy", "batch", "idle"];
    for (const figure of figures) {
      const all = [0, 1, 2, 3].map((policy) => drawn(figure, {policy}));
      expect(new Set(all).size, figure).toBe(4);
      for (const html of all) expect(html).toContain("data-answer");
    }
  });

  test("shows swap only where something is in it", () => {
    expect(drawn("batch", {policy: 0})).toContain("host swap");
    expect(drawn("batch", {policy: 0})).not.toContain(">own swap<");
    expect(drawn("batch", {policy: 1})).toContain(">own swap<");
  });

  test("its table has what its lines have", () => {
    const {columns, rows} = page.figures.batch?.data(computed()) ?? {columns: [], rows: []};
    expect(columns).toEqual(["time (s)", "target (MiB)", "current (MiB)", "host RAM (MiB)", "host swap (MiB)", "own swap (MiB)"]);
    expect(rows).toHaveLength(61);
  });
});
