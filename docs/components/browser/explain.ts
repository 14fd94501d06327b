import {decodeText} from "../../../src/domain/formats/decode.ts";
import type {ConfigFormat} from "../../../src/domain/formats/reading.ts";
import type * as AppModule from "../explain/app.tsx";
import type {Answer, InputFile} from "../explain/engine.ts";
import {examples} from "../explain/examples.ts";
import {fragmentOf, textOf} from "../explain/share.ts";

type App = typeof AppModule;

/** Marks are drawn for texts up to this long. */
const MARKED = 200_000;

interface Parts {
  readonly root: HTMLElement;
  readonly text: HTMLTextAreaElement;
  readonly results: HTMLElement;
  readonly marks: HTMLElement;
  readonly files: HTMLElement;
  readonly to: HTMLSelectElement;
  readonly said: HTMLElement;
}

function partsOf(): Parts | null {
  const root = document.getElementById("explain");
  const text = root?.querySelector("textarea");
  const [results, marks, files, said] = ["results", "marks", "files", "said"].map((name) => root?.querySelector<HTMLElement>(`[data-${name}]`));
  const to = root?.querySelector<HTMLSelectElement>("[data-to]");
  return root && text && results && marks && files && said && to ? {root, text, results, marks, files, to, said} : null;
}

/** The text once more behind the editor, its stretches with findings marked; only ever as text. */
function drawMarks({marks, text}: Parts, {explanation}: Answer): void {
  marks.textContent = "";
  if (text.value.length > MARKED) return;
  const spans = (explanation?.findings ?? []).flatMap(({place, severity}) => (place && place.length > 0 ? [{start: place.offset, end: place.offset + place.length, severity}] : []));
  let at = 0;
  for (const {start, end, severity} of spans.toSorted((a, b) => a.start - b.start)) {
    if (start < at) continue;
    const mark = document.createElement("mark");
    mark.className = `is-${severity}`;
    mark.textContent = text.value.slice(start, end);
    marks.append(text.value.slice(at, start), mark);
    at = end;
  }
  marks.append(`${text.value.slice(at)}\n`);
}

/** What the page holds: some files, one of them in the editor. */
class Workspace {
  readonly #parts: Parts;
  #files: InputFile[];
  #active = 0;
  #app: Promise<App> | null = null;
  #run = 0;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#files = [{name: examples[0]?.name ?? "", text: parts.text.value}];
  }

  /** The parsers are fetched when they are first wanted. */
  load(): Promise<App> {
    return (this.#app ??= import("../explain/app.tsx"));
  }

  edited(): void {
    const name = this.#files[this.#active]?.name ?? "";
    this.#files = this.#files.with(this.#active, {name, text: this.#parts.text.value});
    void this.refresh();
  }

  async refresh(): Promise<void> {
    const {results, to} = this.#parts;
    const turn = (this.#run += 1);
    const app = await this.load();
    const chosen = to.value === "" ? null : (to.value as ConfigFormat);
    const asked = app.run({files: this.#files, active: this.#active, to: chosen});
    const answer = asked instanceof Promise ? await asked : asked;
    if (turn !== this.#run) return;
    if (results.dataset.live === undefined) {
      results.textContent = "";
      results.dataset.live = "";
    }
    app.show(results, answer);
    drawMarks(this.#parts, answer);
    this.scrolled();
  }

  scrolled(): void {
    const {marks, text} = this.#parts;
    marks.style.transform = `translate(${-text.scrollLeft}px, ${-text.scrollTop}px)`;
  }

  open(files: readonly InputFile[]): void {
    this.#files = [...files];
    this.select(0);
  }

  select(index: number): void {
    this.#active = index;
    this.#parts.text.value = this.#files[index]?.text ?? "";
    this.#list();
    void this.refresh();
  }

  #list(): void {
    const {files} = this.#parts;
    files.textContent = "";
    if (this.#files.length < 2) return;
    this.#files.forEach(({name}, i) => {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = name;
      button.setAttribute("aria-pressed", String(i === this.#active));
      button.addEventListener("click", () => this.select(i));
      files.append(button);
    });
  }

  async share(): Promise<string> {
    const fragment = await fragmentOf(this.#parts.text.value);
    if (fragment === null) return "The text is too long for a link.";
    history.replaceState(null, "", fragment);
    try {
      await navigator.clipboard.writeText(location.href);
      return "Copied. The text is in the link itself and goes to no server.";
    } catch {
      return "The link is in the address bar. The text is in it and goes to no server.";
    }
  }
}

async function readFiles(list: FileList | null): Promise<readonly InputFile[]> {
  return Promise.all(Array.from(list ?? [], async (file) => ({name: file.name, text: decodeText(new Uint8Array(await file.arrayBuffer())).text})));
}

function pointAt({text}: Parts, target: EventTarget | null): void {
  const button = target instanceof Element ? target.closest<HTMLElement>("[data-offset]") : null;
  if (!button) return;
  const offset = Number(button.dataset.offset);
  const line = text.value.slice(0, offset).split("\n").length - 1;
  text.focus();
  text.setSelectionRange(offset, offset + Number(button.dataset.length));
  text.scrollTop = Math.max(0, line - 5) * parseFloat(getComputedStyle(text).lineHeight);
}

function takeDrops(workspace: Workspace, {root}: Parts): void {
  root.addEventListener("dragover", (event) => {
    event.preventDefault();
    root.classList.add("dropping");
  });
  root.addEventListener("dragleave", () => root.classList.remove("dropping"));
  root.addEventListener("drop", (event) => {
    event.preventDefault();
    root.classList.remove("dropping");
    void readFiles(event.dataTransfer?.files ?? null).then((files) => {
      if (files.length > 0) workspace.open(files);
    });
  });
}

/** Brings the page to life. Nothing that is pasted leaves it. */
export function mountExplain(): void {
  const parts = partsOf();
  if (parts === null) return;
  const workspace = new Workspace(parts);
  const {root, text, to, said} = parts;
  text.readOnly = false;
  text.addEventListener("focus", () => void workspace.load(), {once: true});
  text.addEventListener("input", () => workspace.edited());
  text.addEventListener("scroll", () => workspace.scrolled());
  to.addEventListener("change", () => void workspace.refresh());
  root.addEventListener("click", (event) => pointAt(parts, event.target));
  for (const button of root.querySelectorAll<HTMLButtonElement>("[data-example]")) {
    button.addEventListener("click", () => workspace.open(examples.filter(({id}) => id === button.dataset.example)));
  }
  root.querySelector<HTMLInputElement>("[data-open]")?.addEventListener("change", (event) => {
    void readFiles((event.target as HTMLInputElement).files).then((files) => {
      if (files.length > 0) workspace.open(files);
    });
  });
  root.querySelector("[data-share]")?.addEventListener("click", () => void workspace.share().then((message) => (said.textContent = message)));
  takeDrops(workspace, parts);
  void textOf(location.hash).then((shared) => {
    if (shared !== null) workspace.open([{name: "", text: shared}]);
  });
}
