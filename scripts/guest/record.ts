import {writeFileSync} from "node:fs";
import {toRecording} from "../../docs/components/guest/recording.ts";
import {guide, runs} from "../../docs/components/guest/runs.ts";
import {boot} from "../../test/docs/components/guest/boot.ts";

/** Records the guided runs anew: `npx tsx scripts/guest/record.ts [ID...]` writes data/guest/ID.json. */
async function record(id: string): Promise<void> {
  const run = runs.find((one) => one.id === id);
  if (run === undefined) throw new Error(`no run ${id}: ${runs.map((one) => one.id).join(", ")}`);
  const {guest, session} = await boot(run.memory, run.deflateOnOom);
  const start = await session.sample();
  const done = await guide(session, run, () => undefined);
  const recording = toRecording({about: `${run.title}, on a Linux guest in an emulator.`, memory: run.memory, deflateOnOom: run.deflateOnOom, start, done, date: new Date().toISOString().slice(0, 10)});
  writeFileSync(`data/guest/${id}.json`, `${JSON.stringify(recording, null, 1)}\n`);
  await guest.stop();
}

async function all(): Promise<void> {
  const asked = process.argv.slice(2);
  for (const id of asked.length > 0 ? asked : runs.map((run) => run.id)) await record(id);
}

void all();
