import {specOfElements} from "../domain/formats/domain-xml.ts";
import {parseFragment} from "../domain/formats/xml.ts";
import {qemuMemoryArguments} from "../domain/formats/qemu-argv.ts";
import {attempt} from "../domain/libvirt/error.ts";
import type {DomainSpec, ScaledText} from "../domain/libvirt/spec.ts";
import type {CommandResult, Host} from "../control/virsh/host.ts";
import {runVirsh} from "../control/virsh/run.ts";
import {ModelError} from "../errors.ts";
import {isObject} from "./collector.ts";
import {describeDef, driverOf, emptyHost} from "./libvirt-setup.ts";
import {maybeNumber} from "./read.ts";
import type {Collector, Json, JsonObject, RecordedRow, Recording, Replayer} from "./types.ts";

/** Elements of a row's further XML that the model reads, or that decide no memory number. */
const READ = new Set(["maxMemory", "memtune", "cpu", "devices", "vcpu", "name", "title", "description", "metadata"]);

const isDefine = ({command, given}: RecordedRow): boolean =>
  command.startsWith("virsh define") && (given["memory"] === null || isObject(given["memory"]) || "otherXml" in given);

function scaled(value: Json | undefined): ScaledText | null {
  if (!isObject(value)) return null;
  const {text, unit} = value;
  return {text: typeof text === "string" ? text : "", unit: typeof unit === "string" ? unit : null};
}

function specOf(recording: Recording, given: JsonObject): DomainSpec {
  const {vcpus, memballoonModel, domainType} = recording.setup;
  const further = parseFragment(typeof given["otherXml"] === "string" ? given["otherXml"] : "");
  const unread = further.find(({name}) => !READ.has(name));
  if (unread) throw new ModelError(`unread element <${unread.name}>`, {code: "unread-element", path: "otherXml", expected: [...READ].join(", "), hint: "the model does not know what this element does"});
  const model = typeof memballoonModel === "string" ? [{model: memballoonModel}] : [];
  return {
    name: "d",
    type: typeof domainType === "string" ? domainType : "qemu",
    vcpus: maybeNumber(vcpus) ?? 1,
    balloons: model,
    memory: scaled(given["memory"]),
    currentMemory: scaled(given["currentMemory"]),
    ...specOfElements(further)
  };
}

/** The file's name: the row's own, else the one virsh's messages in this file name (it is an input nobody wrote down). */
function fileName(recording: Recording, row: RecordedRow): string {
  const named = /^virsh define\s+(?:--\S+\s+)*([^-\s]\S*)/.exec(row.command)?.[1];
  const messages = recording.rows.map(({raw}) => raw["stderr"]).filter((text) => typeof text === "string");
  return named ?? /Failed to define domain from (\S+)/.exec(messages.join("\n"))?.[1] ?? "domain.xml";
}

/** `-m` in MiB, null where the driver cannot start such a domain. */
function qemuMemory(host: Host): Json {
  const [domain] = host.domains;
  const memory = domain && attempt(() => qemuMemoryArguments(domain.def).memory);
  return memory?.ok ? memory.value : null;
}

/** The domain as read back after a define, in the recording's words; null when there is none. */
function describe({host, exitCode}: CommandResult): JsonObject | null {
  const [domain] = host.domains;
  if (exitCode !== 0 || !domain) return null;
  const {total, current} = domain.def;
  const read = describeDef(domain.def);
  if (domain.driver === "test") return read;
  return {...read, dominfo: {maxMemoryKiB: total, usedMemoryKiB: current}, qemuMemoryMiB: qemuMemory(host)};
}

/** Fields that are there only when they are set. */
const MAYBE = new Set(["memtune", "maxMemoryKiB", "maxMemorySlots"]);

function compareResult(predicted: JsonObject | null, observed: Json | undefined, path: string, found: Collector): void {
  if (!isObject(observed) || predicted === null) {
    found.exact(path, predicted, observed ?? null);
    return;
  }
  for (const key of new Set([...Object.keys(observed), ...Object.keys(predicted)])) {
    const value = observed[key] ?? null;
    const known = key in predicted || MAYBE.has(key) ? (predicted[key] ?? null) : undefined;
    if (known === undefined) found.cannot(`${path}.${key}`, "not a field the model knows");
    // Read back only where the recorder asked for it.
    else if (value !== null || !["dominfo", "qemuMemoryMiB"].includes(key)) found.exact(`${path}.${key}`, known, value);
  }
}

function compareRun(result: CommandResult, observed: JsonObject, path: string, found: Collector): void {
  if (observed["exitCode"] !== undefined) found.exact(`${path}.exitCode`, result.exitCode, observed["exitCode"]);
  if (observed["stderr"] !== undefined) found.exact(`${path}.stderr`, result.stderr, observed["stderr"]);
}

function replayRow(recording: Recording, row: RecordedRow, uri: string, driver: Host["driver"], found: Collector): void {
  const file = fileName(recording, row);
  const files: Host["files"] = {[file]: {kind: "domain", spec: specOf(recording, row.given)}};
  const host = {...emptyHost(recording, uri, driver), files};
  const {raw, path} = row;
  const line = row.command.trim() === "virsh define" ? `virsh define ${file}` : row.command;
  const defined = runVirsh(host, line);
  compareRun(defined, raw, path, found);
  if ("result" in raw) compareResult(describe(defined), raw["result"], `${path}.result`, found);
  const {defineValidate, testDriver} = raw;
  if (isObject(defineValidate)) compareRun(runVirsh(host, `${line} --validate`), defineValidate, `${path}.defineValidate`, found);
  if (!isObject(testDriver)) return;
  const mock = runVirsh({...host, driver: "test"}, line);
  compareRun(mock, testDriver, `${path}.testDriver`, found);
  if ("result" in testDriver) compareResult(describe(mock), testDriver["result"], `${path}.testDriver.result`, found);
}

/** Rows of what `virsh define` makes of sizes and units. */
export const replayLibvirtDefine: Replayer = {
  name: "libvirt-define",
  accepts: (recording) => recording.rows.some(isDefine),
  replay: (recording, found) => {
    for (const row of recording.rows.filter(isDefine)) {
      const stated = row.given["connection"] ?? recording.setup["connection"];
      const uri = typeof stated === "string" ? stated : "qemu:///system";
      const driver = driverOf(uri);
      if (driver === null) {
        found.cannot(row.path, `the model has no driver for ${uri}`);
        continue;
      }
      try {
        replayRow(recording, row, uri, driver, found);
      } catch (error) {
        if (!(error instanceof ModelError)) throw error;
        found.cannot(row.path, error.message);
      }
    }
  }
};
