import {render, type VNode} from "preact";
import {ModelError} from "../../../src/errors.ts";
import {checkRecording} from "../../../src/check/check.ts";
import {parseRecordingText} from "../../../src/check/parse.ts";
import {evidenceOf, type Evidence} from "./groups.ts";
import {RecordingSection} from "./section.tsx";

/** Longer files are no recordings of this format; those we have are below 0.2 MB. */
const MOST_BYTES = 10e6;

type Opened = {readonly name: string; readonly evidence: Evidence} | {readonly name: string; readonly problem: string};

async function read(file: File): Promise<Opened> {
  const {name} = file;
  if (file.size > MOST_BYTES) return {name, problem: `larger than ${MOST_BYTES / 1e6} MB: not read`};
  try {
    const recording = parseRecordingText(await file.text(), name);
    return {name, evidence: evidenceOf(checkRecording(recording), recording)};
  } catch (error) {
    if (error instanceof ModelError) return {name, problem: `${error.message} (${error.hint})`};
    return {name, problem: error instanceof Error ? error.message : String(error)};
  }
}

function Result({opened}: {opened: Opened}): VNode {
  if ("problem" in opened) return <p class="error" role="alert"><code>{opened.name}</code>: {opened.problem}</p>;
  if (opened.evidence.report.comparisons.length === 0) return <p class="error" role="alert"><code>{opened.name}</code>: a recording, but none of a kind that is replayed here.</p>;
  return <RecordingSection evidence={opened.evidence} own />;
}

/** Replays the files a reader has chosen, here and now: nothing of them leaves the page. */
export async function openRecordings(files: readonly File[], into: Element): Promise<void> {
  const opened = await Promise.all(files.map(read));
  render(<>{opened.map((one, i) => <Result key={i} opened={one} />)}</>, into);
}
