import type {Identifier, Node, Pattern, Program} from "acorn";
import {ancestor, type AncestorVisitors} from "acorn-walk";

/** What a program declares at its top, and what it uses without declaring. */
export interface Names {
  readonly declared: readonly string[];
  readonly free: readonly string[];
  /** Free names that the program assigns to, with where. */
  readonly assigned: readonly {readonly name: string; readonly start: number}[];
}

type Scope = Set<string>;

/** Names a pattern binds: `{a, b: [c]}` binds a and c. */
function bound(pattern: Pattern): string[] {
  switch (pattern.type) {
    case "Identifier": return [pattern.name];
    case "ObjectPattern": return pattern.properties.flatMap((p) => bound(p.type === "RestElement" ? p.argument : p.value));
    case "ArrayPattern": return pattern.elements.flatMap((e) => (e === null ? [] : bound(e)));
    case "RestElement": return bound(pattern.argument);
    case "AssignmentPattern": return bound(pattern.left);
    case "MemberExpression": return [];
  }
}

const FUNCTIONS = new Set(["FunctionDeclaration", "FunctionExpression", "ArrowFunctionExpression"]);
const BLOCKS = new Set(["Program", "BlockStatement", "ForStatement", "ForInStatement", "ForOfStatement", "SwitchStatement", "CatchClause", "StaticBlock", "ClassExpression", ...FUNCTIONS]);

const nameOf = ({id}: {readonly id?: {readonly name: string} | null}): string[] => (id === null || id === undefined ? [] : [id.name]);

/** Every scope of a program, by the node that opens it. */
function scopesOf(program: Program): Map<Node, Scope> {
  const scopes = new Map<Node, Scope>();
  const add = (holder: Node | undefined, names: readonly string[]): void => {
    if (holder === undefined) return;
    const scope = scopes.get(holder) ?? new Set();
    for (const name of names) scope.add(name);
    scopes.set(holder, scope);
  };
  const holder = (path: readonly Node[], kinds: ReadonlySet<string>): Node | undefined => path.slice(0, -1).findLast((n) => kinds.has(n.type));
  const functionBodies = new Set(["Program", "StaticBlock", ...FUNCTIONS]);
  const withParams = (node: {params: Pattern[]; id?: {name: string} | null} & Node): void => {
    add(node, [...node.params.flatMap(bound), ...(FUNCTIONS.has(node.type) && node.type !== "ArrowFunctionExpression" ? ["arguments"] : [])]);
  };
  ancestor(program, {
    VariableDeclaration: (node, _, path) => add(holder(path, node.kind === "var" ? functionBodies : BLOCKS), node.declarations.flatMap((d) => bound(d.id))),
    FunctionDeclaration: (node, _, path) => {
      add(holder(path, BLOCKS), nameOf(node));
      withParams(node);
    },
    FunctionExpression: (node) => {
      withParams(node);
      add(node, nameOf(node));
    },
    ArrowFunctionExpression: (node) => withParams(node),
    ClassDeclaration: (node, _, path) => add(holder(path, BLOCKS), nameOf(node)),
    ClassExpression: (node) => add(node, nameOf(node)),
    CatchClause: (node) => add(node, node.param === null || node.param === undefined ? [] : bound(node.param))
  });
  return scopes;
}

/** Reads the names of a program that parses; throws nothing. */
export function names(program: Program): Names {
  const scopes = scopesOf(program);
  const free = new Set<string>();
  const assigned: {name: string; start: number}[] = [];
  const isFree = (name: string, path: readonly Node[]): boolean => !path.some((n) => scopes.get(n)?.has(name) === true);
  const write = (node: Node, path: readonly Node[]): void => {
    const pattern = node as Pattern;
    if (pattern.type === "Identifier" && isFree(pattern.name, path)) assigned.push({name: pattern.name, start: pattern.start});
  };
  const visitors: AncestorVisitors<unknown> & {VariablePattern: (node: Identifier, _: unknown, path: Node[]) => void} = {
    Identifier: (node, _, path) => {
      if (isFree(node.name, path)) free.add(node.name);
    },
    // What is declared or assigned to; the declared are never free.
    VariablePattern: (node, _, path) => {
      if (isFree(node.name, path)) free.add(node.name);
      write({...node, type: "Identifier"}, path);
    },
    UpdateExpression: (node, _, path) => write(node.argument, path)
  };
  ancestor(program, visitors);
  return {declared: [...(scopes.get(program) ?? [])], free: [...free], assigned};
}
