import Ajv from "ajv";
import {readFileSync} from "node:fs";
import {describe, expect, test} from "vitest";
import {parseExplainOptions, UsageError} from "../../cli/explain.ts";
import {main} from "../../cli/main.ts";
import {configs, everything, outputs} from "../explain/examples.ts";

interface Run {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

function run(args: readonly string[], files: Readonly<Record<string, string | Uint8Array>>): Run {
  const [out, err]: [string[], string[]] = [[], []];
  const readBytes = (path: string): Uint8Array => {
    const file = files[path];
    if (file === undefined) throw new Error(`no such file: ${path}`);
    return typeof file === "string" ? new TextEncoder().encode(file) : file;
  };
  const code = main(args, {read: () => "", readBytes, out: (text) => void out.push(text), err: (text) => void err.push(text)});
  return {code, out: out.join("\n"), err: err.join("\n")};
}

const plain = "<domain type='kvm'><memory unit='MiB'>1024</memory></domain>";

describe("options", () => {
  test("files, -, values with and without =", () => {
    expect(parseExplainOptions(["a", "--to", "xl", "--from=vmx", "-", "--fail-on=note", "--json", "--", "--b"])).toEqual({files: ["a", "-", "--b"], json: true, to: "xl", from: "vmx", failOn: "note"});
    expect(parseExplainOptions(["a"])).toEqual({files: ["a"], json: false, to: null, from: undefined, failOn: "warning"});
  });
  test.each([[[]], [["a", "--to", "yaml"]], [["a", "--to"]], [["a", "--fail-on", "panic"]], [["a", "--nope"]], [["a", "--json=1"]]])("%j is refused", (args) => {
    expect(() => parseExplainOptions(args)).toThrow(UsageError);
    expect(run(["explain", ...args], {}).code).toBe(2);
  });
});

describe("exit codes", () => {
  test("nothing at or above the level is 0, findings 1, unreadable 2", () => {
    expect(run(["explain", "a"], {a: plain}).code).toBe(0);
    expect(run(["explain", "a"], {a: configs.libvirt}).code).toBe(1);
    expect(run(["explain", "a", "--fail-on", "error"], {a: "<domain type='kvm'><memory unit='MB'>1024</memory></domain>"}).code).toBe(0);
    expect(run(["explain", "a", "--fail-on", "note"], {a: "<domain type='kvm'><memory unit='KiB'>1025</memory></domain>"}).code).toBe(1);
    expect(run(["explain", "a"], {a: "<domain"})).toMatchObject({code: 2, out: ""});
    expect(run(["explain", "a", "b"], {a: plain}).code).toBe(2);
    expect(run(["explain", "-"], {"-": plain}).code).toBe(0);
  });
  test("an unreadable file names the place", () => expect(run(["explain", "a"], {a: "<domain>\n</memory>"}).err).toMatch(/^a: malformed XML: .*\[malformed-xml\]\n {2}at 2:9: expected/));
  test("what libvirt refuses has no numbers and is an error", () => {
    const {code, out} = run(["explain", "--json", "a"], {a: "<domain type='kvm'>\n<memory unit='parsec'>1</memory></domain>"});
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({format: "libvirt", domain: null, started: null, findings: [{code: "refused", severity: "error", place: {line: 2, column: 1}, what: "invalid argument: unknown suffix 'parsec'"}]});
  });
});

describe("JSON", () => {
  const schema = JSON.parse(readFileSync(new URL("../../data/schemas/explain.schema.json", import.meta.url), "utf8")) as object;
  const validate = new Ajv({strict: false}).compile(schema);
  test.each(everything.map((text) => [text.slice(0, 30), text]))("%j fits its schema", (_, text) => {
    const printed: unknown = JSON.parse(run(["explain", "--json", "a"], {a: text}).out);
    expect(validate(printed), JSON.stringify(validate.errors)).toBe(true);
  });
  test("a translation is beside it", () => {
    const printed: unknown = JSON.parse(run(["explain", "--json", "--to", "xl", "a"], {a: configs.libvirt}).out);
    expect(validate(printed), JSON.stringify(validate.errors)).toBe(true);
    expect(printed).toMatchObject({translation: {format: "xl", text: 'name = "web"\ntype = "hvm"\nmaxmem = 3072\nmemory = 1024\nvcpus = 2\nvnuma = [ ["pnode=0", "size=2048"] ]'}});
  });
  test("KiB, post-parse; alignment under started", () => {
    expect(JSON.parse(run(["explain", "--json", "a"], {a: "<domain type='kvm'><memory>219100</memory><currentMemory>999999</currentMemory></domain>"}).out)).toMatchObject({
      domain: {memory: 219100, currentMemory: 219100, maxMemory: null, slots: null, memtune: {hardLimit: null, softLimit: null, swapHardLimit: null, minGuarantee: null}},
      started: {memory: 219136, currentMemory: 219100, qemuMemory: "214"},
      defined: null
    });
  });
  test("several files are a list", () => {
    const printed = JSON.parse(run(["explain", "--json", "a", "b", "c"], {a: plain, b: configs.xl}).out) as {format?: string; error?: string}[];
    expect(printed.map(({format, error}) => format ?? error)).toEqual(["libvirt", "xl", "no such file: c"]);
  });
});

describe("text", () => {
  test("layers, findings with their place, what is not known", () => {
    const {out} = run(["explain", "a"], {a: configs.libvirt});
    expect(out.split("\n").slice(0, 6)).toEqual(["libvirt, web", "  configured  3072 MiB", "  target      1024 MiB", "  host's cap  4096 MiB", "  guaranteed  none", "  room up to  16384 MiB, 4 slots"]);
    expect(out).toContain("warning: 6:12: hard_limit leaves 1024 MiB above");
    expect(out).toContain("not known: huge pages: ");
  });
  test("a limit is no target", () => expect(run(["explain", "a"], {a: configs.vmx}).out).toContain("target      none: currentMemory is the host's cap here"));
  test("several machines are one host", () => {
    expect(run(["explain", "a", "b"], {a: plain, b: configs.xl}).out).toContain("2 machines on one host:\n  configured  3072 MiB");
  });
  test("a tool's output", () => expect(run(["explain", "a"], {a: outputs.cgroup}).out).toContain("memory.swap.max  unlimited"));
  test("UTF-16 and Latin-1", () => {
    const wide = new Uint8Array([0xff, 0xfe, ...Array.from(new TextEncoder().encode(plain)).flatMap((byte) => [byte, 0])]);
    expect(run(["explain", "a"], {a: wide}).code).toBe(0);
    expect(run(["explain", "a"], {a: new Uint8Array([...new TextEncoder().encode("memory = 512 # "), 0xe9])}).out).toContain("configured  512 MiB");
  });
});

describe("translation", () => {
  test("the text alone on standard output, the losses on standard error", () => {
    const {out, err} = run(["explain", "--to", "vmx", "a"], {a: configs.libvirt});
    expect(out).toContain('memsize = "3072"\nsched.mem.max = "1024"');
    expect(err).toContain("lost: 6:12: hardLimit: 4194304 KiB -> nothing; VMX has memsize");
    expect(err).toContain("currentMemory: a target for the guest's balloon -> a limit of the host that the guest does not see");
  });
  test("only configurations", () => expect(run(["explain", "--to", "vmx", "a"], {a: outputs.free})).toMatchObject({code: 2, err: "a: only configurations can be translated"}));
  test("what libvirt refuses cannot be", () => expect(run(["explain", "--to", "xl", "a"], {a: "<domain/>"})).toMatchObject({code: 2}));
});
