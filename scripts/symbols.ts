import {writeFileSync} from "node:fs";
import ts from "typescript";

/** Writes the names in the cells' scope with signature and first sentence: `npx tsx scripts/symbols.ts`. */
const file = "docs/components/notebook/scope-values.ts";
const {config} = ts.readConfigFile("tsconfig.json", (path) => ts.sys.readFile(path)) as {config: {compilerOptions: object}};
const {options} = ts.convertCompilerOptionsFromJson(config.compilerOptions, ".");
const program = ts.createProgram([file], {...options, noEmit: true});
const checker = program.getTypeChecker();
const source = program.getSourceFile(file);
const module = source === undefined ? undefined : checker.getSymbolAtLocation(source);
if (module === undefined) throw new Error(`cannot read ${file}`);

const list = checker.getExportsOfModule(module).flatMap((exported) => {
  const symbol = (exported.flags & ts.SymbolFlags.Alias) !== 0 ? checker.getAliasedSymbol(exported) : exported;
  if ((symbol.flags & (ts.SymbolFlags.Value | ts.SymbolFlags.NamespaceModule)) === 0) return [];
  const type = checker.getTypeOfSymbol(symbol);
  const [call] = type.getCallSignatures();
  const kind = (symbol.flags & ts.SymbolFlags.Class) !== 0 ? "class" : (symbol.flags & ts.SymbolFlags.Module) !== 0 ? "namespace" : call === undefined ? "constant" : "function";
  const signature = call === undefined ? "" : `(${call.getParameters().map((p) => p.getName()).map((name) => (/^\w+$/.test(name) ? name : "options")).join(", ")})`;
  const about = ts.displayPartsToString(symbol.getDocumentationComment(checker)).replace(/\s+/g, " ").replace(/(?<=[.;:]) .*$/, "").slice(0, 160);
  return [{name: exported.getName(), kind, signature, about}];
}).sort((a, b) => (a.name < b.name ? -1 : 1));
writeFileSync("docs/components/notebook/symbols.json", `[\n${list.map((entry) => `  ${JSON.stringify(entry)}`).join(",\n")}\n]\n`);
