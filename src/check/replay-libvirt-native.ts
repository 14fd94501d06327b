import {readXlMemory} from "../domain/formats/xl-cfg.ts";
import type {ScaledText} from "../domain/libvirt/spec.ts";
import type {Host, HostFile} from "../control/virsh/host.ts";
import {runVirsh} from "../control/virsh/run.ts";
import {splitWords} from "../control/virsh/words.ts";
import {ModelError} from "../errors.ts";
import {isObject, sameJson} from "./collector.ts";
import {memoryNumbers} from "./libvirt-lines.ts";
import {driverOf, emptyHost} from "./libvirt-setup.ts";
import {maybeNumber} from "./read.ts";
import type {Collector, Json, JsonObject, RecordedRow, Recording, Replayer} from "./types.ts";

const isNative = ({command}: RecordedRow): boolean => /^virsh\s+domxml-(to|from)-native\b/.test(command);

const inKib = (value: Json | undefined): ScaledText | null => (typeof value === "number" ? {text: `${value}`, unit: "KiB"} : null);

/** A file from what the setup says of it and what the row adds. */
function fileOf(described: Json | undefined, given: JsonObject): HostFile {
  const facts: JsonObject = {...(isObject(described) ? described : {}), ...given};
  if (maybeNumber(facts["memoryKiB"]) !== undefined) {
    return {kind: "domain", spec: {name: "domain", memory: inKib(facts["memoryKiB"]), currentMemory: inKib(facts["currentMemoryKiB"])}};
  }
  const [memory, maxmem] = [maybeNumber(facts["memory"]), maybeNumber(facts["maxmem"])];
  if (memory !== undefined || maxmem !== undefined) return {kind: "xl", memory, maxmem};
  if (typeof described !== "string") return {kind: "other"};
  const read = readXlMemory(described);
  return {kind: "xl", memory: read.memory, maxmem: read.maxmem};
}

function filesOf(recording: Recording, row: RecordedRow): Host["files"] {
  const input = isObject(recording.setup["input"]) ? recording.setup["input"] : {};
  const name = splitWords(row.command).at(-1) ?? "";
  return {[name]: fileOf(input[name], row.given)};
}

/** The numbers of a recorded output are held against those of the predicted one; the rest of it is not about memory. */
function compareOutput(predicted: string, observed: Json | undefined, path: string, found: Collector): void {
  if (typeof observed !== "string") {
    found.exact(path, predicted, "");
    return;
  }
  const [expected, read] = [memoryNumbers(predicted), memoryNumbers(observed)];
  found.exact(`${path}.memory`, expected, read);
  if (sameJson(expected, read)) found.cannot(`${path}.rest`, "what is not about memory is not in the model");
}

function replayRow(recording: Recording, row: RecordedRow, driver: Host["driver"], uri: string, found: Collector): void {
  const host = {...emptyHost(recording, uri, driver), files: filesOf(recording, row)};
  const result = runVirsh(host, row.command);
  const {raw, path} = row;
  found.exact(`${path}.exitCode`, result.exitCode, raw["exitCode"] ?? null);
  found.exact(`${path}.stderr`, result.stderr, raw["stderr"] ?? "");
  if (result.stdout !== "" || raw["stdout"] !== undefined) compareOutput(result.stdout, raw["stdout"], `${path}.stdout`, found);
  const observed = raw["result"];
  if (!isObject(observed)) return;
  const numbers = memoryNumbers(result.stdout);
  for (const [key, value] of Object.entries(observed)) found.exact(`${path}.result.${key}`, numbers[key] ?? null, value);
}

/** Rows of `domxml-to-native` and `domxml-from-native`. */
export const replayLibvirtNative: Replayer = {
  name: "libvirt-native",
  accepts: (recording) => recording.rows.some(isNative),
  replay: (recording, found) => {
    for (const row of recording.rows.filter(isNative)) {
      const stated = row.given["connection"] ?? recording.setup["connection"];
      const uri = typeof stated === "string" ? stated : "";
      const driver = driverOf(uri);
      if (driver === null) {
        found.cannot(row.path, `the model has no driver for ${uri}`);
        continue;
      }
      try {
        replayRow(recording, row, driver, uri, found);
      } catch (error) {
        if (!(error instanceof ModelError)) throw error;
        found.cannot(row.path, error.message);
      }
    }
  }
};
