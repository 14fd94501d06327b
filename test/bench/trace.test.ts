import {expect, it} from "vitest";
import {dragLatencies} from "../../scripts/bench/trace.ts";

const begin = (local: string, ts: number, event_type = "MOUSE_DRAGGED"): object => ({name: "EventLatency", ph: "b", id2: {local}, pid: 1, ts, args: {event_latency: {event_type}}});
const end = (local: string, ts: number): object => ({name: "EventLatency", ph: "e", id2: {local}, pid: 1, ts});

it("pairs beginnings and ends by their number, in any order, and leaves out other events", () => {
  const events = [end("0x1", 30_000), begin("0x2", 12_000), begin("0x1", 10_000), end("0x2", 31_000), begin("0x3", 5000, "MOUSE_PRESSED"), end("0x3", 6000), {name: "Other", ph: "b", ts: 1}];
  expect(dragLatencies(events)).toEqual([20, 19]);
});
it("takes a number anew when it is used again", () => expect(dragLatencies([begin("0x1", 1000), end("0x1", 2000), begin("0x1", 5000), end("0x1", 9000)])).toEqual([1, 4]));
it("leaves out what never ended", () => expect(dragLatencies([begin("0x1", 1000)])).toEqual([]));
