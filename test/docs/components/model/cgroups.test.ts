import {describe, expect, test} from "vitest";
import {event, settingOf} from "../../../../docs/components/case/scenes.ts";
import {run, scenarioOf} from "../../../../docs/components/model/cgroups.ts";
import {toolsAt} from "../../../../docs/components/model/cgroups-tools.ts";
import {cgroups} from "../../../../docs/components/pages/cgroups-case.ts";
import {scenes} from "../../../../docs/components/pages/cgroups-scenes.ts";
import {page} from "../../../../docs/components/pages/cgroups.tsx";
import type {PageEvent} from "../../../../docs/components/state/events.ts";
import {initialState, type Setting} from "../../../../docs/components/state/page-state.ts";

const {spec} = cgroups.model;
const setting = (params: Readonly<Record<string, number>>, events: readonly PageEvent[]): Setting => settingOf(spec, params, events);
const computed = (of: Setting): ReturnType<typeof cgroups.compute> => cgroups.compute(of, null);

describe("a cap that is not set", () => {
  const lowered = setting({kind: 2}, [event("allocate", 2, 250), event("lower", 8, 300)]);

  test("is set when it is lowered", () => {
    expect(scenarioOf(lowered).events).toContainEqual({at: 8, type: "cgroup", max: 300 * 1024});
    expect(run(lowered).killedAt).toBe(8);
  });

  test("has its line from then on, and none without the event", () => {
    const line = (of: Setting): unknown => cgroups.timelineData(computed(of)).series.find(({key}) => key === "cap")?.points;
    expect(line(lowered)).toEqual([[8, 300], [14, 300]]);
    expect(line(setting({kind: 2}, []))).toBeUndefined();
    expect(line(setting({}, [event("lower", 8, 300)]))).toEqual([[0, 500], [8, 500], [8, 300], [14, 300]]);
  });
});

describe("what is said is what the model does", () => {
  test("the guest of the tight cap could give what is asked of it, were there no cap", () => {
    const found = scenes.find("cap-tight");
    if (found === null) throw new Error("no such scene");
    const {setting: tight, caption} = found.scene;
    expect(run(tight).killedAt).not.toBeNull();
    expect(caption).toContain(`${tight.events.find(({type}) => type === "allocate")?.value} MiB`);
    const free = run({...tight, params: {...tight.params, kind: 2}});
    expect([free.killedAt, free.log.filter(({source}) => source === "kernel")]).toEqual([null, []]);
  });

  test("the scope's name keeps its backslashes in a shell", () => {
    const made = run(initialState(spec));
    expect(toolsAt(made, initialState(spec), 0).find(({tool}) => tool === "systemd")?.command).toBe("systemctl set-property --runtime 'machine-qemu\\x2d1\\x2dguest.scope' MemoryMax=500M");
  });

  test("the prediction names what the boot has cost in this run", () => {
    const c = computed(setting({own: 100}, [event("allocate", 4.1, 700)]));
    expect(page.prediction?.describe(c, false).replace(/\s/g, " ")).toContain("machine: 234 MiB after its boot");
    expect(page.prediction?.describe(c, true).replace(/\s/g, " ")).toContain("rises from 234 MiB");
  });

  test("the share of a slice's protection", () => expect(page.numbers["protectedShare"]?.(computed(initialState(spec))).text.replace(/\s/g, " ")).toBe("286 MiB"));
});
