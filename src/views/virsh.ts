import type {DomainState} from "../control/types.ts";
import type {Host} from "../control/virsh/host.ts";
import {runVirsh} from "../control/virsh/run.ts";
import {RECORDED_VERSION} from "../domain/libvirt/version.ts";
import {view, type View} from "./view.ts";

/** What a virsh command prints of one domain: the same code that answers typed commands. */
function shown(state: DomainState, command: string, source: string): View {
  const host: Host = {driver: state.driver, version: RECORDED_VERSION, connection: state.connection, domains: [state], files: {}, nextId: 1};
  const result = runVirsh(host, command);
  return {...view(`virsh ${command}`, `libvirt ${RECORDED_VERSION.join(".")}`, source, []), text: result.exitCode === 0 ? result.stdout : result.stderr};
}

/** A name as one word of a command line. */
const quoted = ({def: {name}}: DomainState): string => (/^[\w.-]+$/.test(name) ? name : `'${name}'`);

/** `virsh dominfo`, without the lines that are not about the domain's state and size. */
export const dominfo = (state: DomainState): View => shown(state, `dominfo ${quoted(state)}`, "tools/virsh-domain-monitor.c cmdDominfo; sizes recorded in libvirt-*.json");

/** `virsh dommemstat`, or its error for a domain that is shut off. */
export const dommemstat = (state: DomainState): View => shown(state, `dommemstat ${quoted(state)}`, "recorded in libvirt-test-driver.json and libvirt-running-no-balloon-device.json");

/** The lines of `virsh dumpxml` about memory. */
export const dumpxmlMemory = (state: DomainState, inactive = false): View =>
  shown(state, `dumpxml ${quoted(state)}${inactive ? " --inactive" : ""}`, "src/conf/domain_conf.c virDomainDefFormatInternalSetRootName; numbers recorded in libvirt-*.json");
