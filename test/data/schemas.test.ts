import {readFileSync, readdirSync} from "node:fs";
import {Ajv} from "ajv";
import {describe, expect, test} from "vitest";
import recordingSchema from "../../data/schemas/recording.schema.json" with {type: "json"};
import scenarioSchema from "../../data/schemas/scenario.schema.json" with {type: "json"};
import {parseRecordingText} from "../../src/check/parse.ts";
import {resolveMachine, type MachineSpec} from "../../src/domain/machine.ts";
import {eventTypes} from "../../src/simulation/events.ts";

const ajv = new Ajv({strict: true, strictRequired: false, strictTypes: false});
const isRecording = ajv.compile(recordingSchema);
const isScenario = ajv.compile(scenarioSchema);
const folder = (name: string): URL => new URL(`../../data/${name}/`, import.meta.url);
const names = (name: string): string[] => readdirSync(folder(name)).filter((file) => file.endsWith(".json"));
const text = (name: string, file: string): string => readFileSync(new URL(file, folder(name)), "utf8");

describe("recordings", () => {
  test("are all there", () => {
    expect(names("recordings").length).toBeGreaterThanOrEqual(44);
  });

  test.each(names("recordings"))("%s fits its schema and is read", (file) => {
    expect(isRecording(JSON.parse(text("recordings", file))), JSON.stringify(isRecording.errors)).toBe(true);
    expect(parseRecordingText(text("recordings", file), file).name).toBe(file);
  });

  test.each(names("guest"))("of the guest in the page: %s fits the same schema", (file) => {
    expect(isRecording(JSON.parse(text("guest", file))), JSON.stringify(isRecording.errors)).toBe(true);
  });

  test("published numbers have the same form", () => {
    expect(isRecording(JSON.parse(text("published", "esx.json"))), JSON.stringify(isRecording.errors)).toBe(true);
  });

  test.each([{}, {about: "a", recorded: {}, setup: {}}, {about: 1, recorded: {}, setup: {}, steps: []}, {about: "a", recorded: {}, setup: {}, steps: [{act: {}}]}])("%j does not", (value) => {
    expect(isRecording(value)).toBe(false);
  });
});

describe("scenarios", () => {
  test.each(names("scenarios"))("%s fits its schema", (file) => {
    expect(isScenario(JSON.parse(text("scenarios", file))), JSON.stringify(isScenario.errors)).toBe(true);
  });

  test("the schema knows every event there is", () => {
    expect(new Set(scenarioSchema.definitions.event.properties.type.enum)).toEqual(new Set(eventTypes));
  });

  test("the schema knows every field of a machine", () => {
    const machine: Required<MachineSpec> = {memory: 1 as MachineSpec["memory"], machine: "pc", maxRamBelow4g: null, firmware: {}, virtioDisks: 0, vcpus: 1, maxVcpus: 1, acpi: true, cpu: {}, balloon: null, hotplug: null, kernel: {}, userland: {}};
    expect(Object.keys(scenarioSchema.definitions.machine.properties).sort()).toEqual(Object.keys(machine).sort());
    const {cpu, kernel, userland, firmware} = resolveMachine(machine);
    const fields = scenarioSchema.definitions.machine.properties;
    expect([cpu, kernel, userland, firmware].map((part) => Object.keys(part).sort())).toEqual([fields.cpu, fields.kernel, fields.userland, fields.firmware].map(({properties}) => Object.keys(properties).sort()));
  });
});
