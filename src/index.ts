/** The public surface of the model. */
export {ModelError, type ModelErrorDetail} from "./errors.ts";
export * from "./units.ts";
export type {MachineSpec, Machine} from "./domain/machine.ts";
export {resolveMachine} from "./domain/machine.ts";
export {simulate} from "./simulation/simulate.ts";
export {resolveScenario, type DriverSpec, type HostSpec, type Scenario, type ScenarioSpec, type WorkloadSpec} from "./simulation/scenario.ts";
export type {EventSpec, EventType, Happening} from "./simulation/events.ts";
export {columnNames, type Column, type Columns, type Row} from "./simulation/columns.ts";
export type {LogEntry} from "./simulation/log.ts";
export type {Snapshot, Timeline} from "./simulation/timeline.ts";
