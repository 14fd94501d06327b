import {describe, expect, test} from "vitest";
import {checklist} from "../../src/explain/checklist.ts";
import {explain} from "../../src/explain/explain.ts";

const steps = (type: string, name = "web") => checklist(explain(`<domain type='${type}'><name>${name}</name><memory unit='GiB'>1</memory></domain>`));
const commands = (...args: Parameters<typeof steps>) => steps(...args).map(({command}) => command);

describe("the safe order of a change", () => {
  test("QEMU: the target down before the limit, the limit up before the target", () => {
    expect(commands("kvm")).toEqual(["virsh dommemstat web", "virsh setmem web SIZE --live", "virsh memtune web --hard-limit SIZE --live", "virsh setmem web SIZE --live", "virsh setmem web SIZE --config"]);
    expect(steps("kvm")[2]?.danger).toContain("kills the whole machine");
  });
  test("ESX takes no flags", () => {
    expect(commands("vmware")).toEqual(["virsh setmaxmem web SIZE", "virsh setmem web SIZE", ""]);
  });
  test("Xen and LXC have theirs, other drivers none", () => {
    expect(commands("xen")).toEqual(["xl list; xenstore-ls /local/domain/ID/memory", "xl mem-set web SIZE", "xl info | grep free_memory"]);
    expect(commands("lxc")).toEqual(["virsh dommemstat web", "virsh setmem web SIZE --live"]);
    expect(commands("bhyve")).toEqual([]);
  });
  test.each(["a b", "$(x)", "-web", "", "x".repeat(62)])("a name that a shell would read otherwise is left out: %j", (name) => expect(commands("kvm", name)[0]).toBe("virsh dommemstat GUEST"));
  test("a tool's output has no steps", () => expect(checklist(explain("actual 1\nrss 2\n"))).toEqual([]));
});
