import type {VNode} from "preact";
import {formatMemoryArgument, qemuMemoryArguments} from "../../../src/domain/formats/qemu-argv.ts";
import {formatXlMemory} from "../../../src/domain/formats/xl-cfg.ts";
import type {DomainDef} from "../../../src/domain/libvirt/domain-def.ts";
import {attempt, type Outcome} from "../../../src/domain/libvirt/error.ts";
import {defineDomain} from "../../../src/domain/libvirt/resolve.ts";
import {Scroll} from "./reference-parts.tsx";

/** Sizes as an administrator writes them: `<memory>`, and `<currentMemory>` where there is one. */
const examples: readonly (readonly [memory: readonly [string, string], current: readonly [string, string] | null])[] = [
  [["1048576", "KB"], null],
  [["214", "MiB"], null],
  [["219100", "KiB"], null],
  [["1", "GB"], null],
  [["1025", "b"], null],
  [["2", "GiB"], ["1500001", "KiB"]],
  [["1", "GiB"], ["2", "GiB"]],
  [["1.5", "GiB"], null],
  [["1", "Gib"], null],
  [["1", "gigs"], null]
];

type Size = readonly [string, string];

const element = (name: string, [text, unit]: Size): VNode => <code>{`<${name} unit='${unit}'>${text}</${name}>`}</code>;
const scaled = (size: Size | null): {text: string; unit: string} | null => size && {text: size[0], unit: size[1]};
const define = (driver: "qemu" | "xen", memory: Size, current: Size | null): Outcome<DomainDef> =>
  attempt(() => defineDomain({name: "guest", type: driver, memory: scaled(memory), currentMemory: scaled(current)}, driver));

/** Worked examples of libvirt's rounding, computed when the site is built. */
export function XmlSizes(): VNode {
  return (
    <Scroll label="Sizes in the XML and what becomes of them">
      <table class="xml-sizes">
        <thead><tr><th scope="col">written</th><th scope="col">libvirt keeps, KiB</th><th scope="col">QEMU gets</th><th scope="col">xl.cfg gets</th></tr></thead>
        <tbody>{examples.map(([memory, current]) => <Example memory={memory} current={current} />)}</tbody>
      </table>
    </Scroll>
  );
}

function Example({memory, current}: {readonly memory: Size; readonly current: Size | null}): VNode {
  const qemu = define("qemu", memory, current);
  const written = <th scope="row">{element("memory", memory)}{current === null ? null : <> {element("currentMemory", current)}</>}</th>;
  if (!qemu.ok) return <tr>{written}<td colSpan={3}><code>{qemu.error.message}</code></td></tr>;
  const {total, current: kept} = qemu.value;
  const xen = define("xen", memory, current);
  const xl = xen.ok ? formatXlMemory(xen.value) : null;
  return (
    <tr>
      {written}
      <td>{total}{kept === total ? null : `, current ${kept}`}</td>
      <td><code>-m {formatMemoryArgument(qemuMemoryArguments(qemu.value))}</code></td>
      <td>{xl === null ? null : <><code>maxmem = {xl.maxmem}</code>, <code>memory = {xl.memory}</code></>}</td>
    </tr>
  );
}
