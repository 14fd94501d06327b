import type {CgroupState} from "./state.ts";

/** A cgroup of a tree, pages: what it uses, its own setting of memory.min or memory.low, and its children. */
export interface ProtectedNode {
  readonly usage: number;
  readonly setting: number;
  readonly children?: readonly ProtectedNode[];
}

/** The same with what the setting is worth where it stands. */
export interface EffectiveNode {
  readonly usage: number;
  readonly effective: number;
  readonly children: readonly EffectiveNode[];
}

/**
 * What a cgroup's protection is worth below a parent that has itself only so much:
 * siblings that ask for more than there is share by what they ask for, and what
 * nobody asked for is shared by unprotected use (memory_recursiveprot).
 * @param parent effective protection and use of the parent, pages.
 * @param siblings sum over all its children of min(usage, setting), pages.
 * @returns pages, rounded down.
 * Source: Linux 6.1 mm/memcontrol.c effective_protection.
 */
export function effectiveProtection(node: Pick<ProtectedNode, "usage" | "setting">, parent: {readonly effective: number; readonly usage: number}, siblings: number, recursive = true): number {
  const asked = Math.min(node.usage, node.setting);
  if (siblings > parent.effective) return Math.floor((asked * parent.effective) / siblings);
  const left = parent.effective - siblings;
  const unprotected = parent.usage - siblings;
  if (!recursive || left <= 0 || unprotected <= 0 || node.usage <= asked) return asked;
  return asked + Math.floor((left * (node.usage - asked)) / unprotected);
}

function below(children: readonly ProtectedNode[] | undefined, parent: {readonly effective: number; readonly usage: number}, recursive: boolean): EffectiveNode[] {
  const list = children ?? [];
  const asked = list.reduce((sum, {usage, setting}) => sum + Math.min(usage, setting), 0);
  return list.map((node) => {
    const effective = effectiveProtection(node, parent, asked, recursive);
    return {usage: node.usage, effective, children: below(node.children, {effective, usage: node.usage}, recursive)};
  });
}

/** Effective protection over a tree; at the top level a setting is worth what it says. */
export function protectTree(top: readonly ProtectedNode[], recursive = true): readonly EffectiveNode[] {
  return top.map(({usage, setting, children}) => ({usage, effective: setting, children: below(children, {effective: setting, usage}, recursive)}));
}

/**
 * What a cgroup's own memory.min or memory.low is worth where it stands. Below a
 * parent without protection, as libvirt's scopes are in machine.slice, that is 0.
 * @param usage pages the cgroup is charged for.
 * @returns pages.
 */
export function protectionOf(cgroup: Pick<CgroupState, "min" | "low" | "parent">, file: "min" | "low", usage: number): number {
  const {parent} = cgroup;
  const setting = cgroup[file];
  if (parent === undefined) return setting;
  let [used, asked] = [usage, Math.min(usage, setting)];
  for (const sibling of parent.siblings) {
    used += sibling.size;
    asked += Math.min(sibling.size, sibling[file]);
  }
  return effectiveProtection({usage, setting}, {effective: parent[file], usage: used}, asked);
}
