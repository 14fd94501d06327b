import {expect, test} from "vitest";
import {runVirsh} from "../../src/control/virsh/run.ts";
import {connection, hostOf, shutOff} from "./fixture.ts";

test("session mode may set sizes but not limits", () => {
  const session = {...connection, session: true};
  const host = {...hostOf(shutOff({}, {connection: session})), connection: session};
  expect(runVirsh(host, "virsh setmem t1 5M --config").exitCode).toBe(0);
  expect(runVirsh(host, "virsh memtune t1").stderr).toBe(
    "error: Unable to get number of memory parameters\nerror: Operation not supported: Memory tuning is not available in session mode"
  );
  expect(runVirsh(host, "virsh memtune t1 --hard-limit 5").stderr).toBe(
    "error: Unable to change memory parameters\nerror: Operation not supported: Memory tuning is not available in session mode"
  );
});
