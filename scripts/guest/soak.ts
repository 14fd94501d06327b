import {parseArgs} from "node:util";
import {bootCompared, commandOf, perform} from "../../docs/components/guest/runs.ts";
import {of} from "../../docs/components/guest/sample.ts";
import {boot} from "../../test/docs/components/guest/boot.ts";
import {randomAct, seeded} from "./random-acts.ts";

/**
 * npm run soak [-- --minutes 30 --seed 1]: seeded random acts on the real guest.
 * Fails when the guest is lost, when MemTotal is not what the model says, or
 * when heap and emulator memory grow by more than 50 MB. Run node with
 * --expose-gc, as the script in package.json does.
 */
const {values} = parseArgs({options: {minutes: {type: "string", default: "30"}, seed: {type: "string", default: "1"}}});
const MEMORY = 96;
const MOST_GROWTH = 50e6;

function used(): number {
  globalThis.gc?.();
  const {heapUsed, external} = process.memoryUsage();
  return heapUsed + external;
}

async function soak(minutes: number, seed: number): Promise<void> {
  const {guest, session} = await boot(MEMORY);
  const first = await session.sample();
  const {predicted} = bootCompared(MEMORY, first);
  const random = seeded(seed);
  const end = Date.now() + minutes * 60_000;
  const start = used();
  let acts = 0;
  while (Date.now() < end) {
    const act = randomAct(random, Number(predicted));
    const {after, compared} = await perform(session, act, {memory: MEMORY, deflateOnOom: false});
    acts += 1;
    const settled = act.kind === "balloon" && after.held.actual === after.held.asked;
    const wrong = compared.find(({what, predicted: model, measured}) => what === "MemTotal" && settled && model !== measured);
    if (wrong !== undefined) throw new Error(`act ${acts}, ${commandOf(act) ?? JSON.stringify(act)}: MemTotal ${wrong.measured}, model ${wrong.predicted}`);
    if (acts % 50 === 0) console.log(`${acts} acts, ${of(after.sample, "oom_kill")} kills, ${((used() - start) / 1e6).toFixed(1)} MB more than at the start`);
  }
  const growth = used() - start;
  await guest.stop();
  console.log(`${acts} acts in ${minutes} minutes with seed ${seed}: the guest answers, ${(growth / 1e6).toFixed(1)} MB more than at the start`);
  if (growth > MOST_GROWTH) throw new Error("memory grew by more than 50 MB");
}

soak(Number(values.minutes), Number(values.seed)).then(() => process.exit(0), (why: unknown) => {
  console.error(why);
  process.exit(1);
});
