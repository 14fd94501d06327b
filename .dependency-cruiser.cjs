/**
 * The direction of imports (ARCHITECTURE.md): a folder imports only from its left.
 * units <- domain <- {guest, host} <- policy <- control <- simulation <- {views, explain} <- check <- {docs, cli}
 */
const layers = [
  ["units", "^src/(units|errors|source|random|input)\\.ts$"],
  ["domain", "^src/domain/"],
  ["guest", "^src/guest/"],
  ["host", "^src/host/"],
  ["policy", "^src/policy/"],
  ["control", "^src/control/"],
  ["simulation", "^src/simulation/"],
  ["views", "^src/views/"],
  ["explain", "^src/explain/"],
  ["check", "^src/check/"],
  ["index", "^src/index\\.ts$"],
  ["docs", "^docs/"],
  ["cli", "^cli/"]
];
const siblings = [["guest", "host"], ["host", "guest"], ["views", "explain"], ["explain", "views"], ["docs", "cli"], ["cli", "docs"]];
const path = (name) => layers.find(([layer]) => layer === name)[1];

module.exports = {
  forbidden: [
    ...layers.map(([name, from], i) => ({
      name: `${name}-imports-only-from-its-left`,
      severity: "error",
      from: {path: from},
      to: {path: layers.slice(i + 1).map(([, p]) => p).concat("^test/", "^scripts/")}
    })).filter((rule) => rule.to.path.length > 0),
    ...siblings.map(([a, b]) => ({name: `${a}-knows-nothing-of-${b}`, severity: "error", from: {path: path(a)}, to: {path: path(b)}})),
    {name: "no-cycles", severity: "error", from: {}, to: {circular: true}},
    // One exception: XML is read by saxes, because a parser of our own would be one more thing that can be attacked. It expands no entities and touches no page and no file.
    {name: "the-model-uses-no-packages-and-no-node", severity: "error", from: {path: "^src/", pathNot: "^src/domain/formats/xml\\.ts$"}, to: {dependencyTypes: ["npm", "npm-dev", "core"]}},
    {name: "xml-is-read-by-saxes-alone", severity: "error", from: {path: "^src/domain/formats/xml\\.ts$"}, to: {dependencyTypes: ["npm", "npm-dev", "core"], pathNot: "node_modules/saxes/"}},
    {name: "figures-are-pure", severity: "error", from: {path: "^docs/components/figure/"}, to: {path: "^docs/components/(controls|shell|notebook)/"}}
  ],
  options: {
    doNotFollow: {path: "node_modules"},
    exclude: {path: "docs/lib"},
    tsPreCompilationDeps: true,
    tsConfig: {fileName: "tsconfig.json"},
    enhancedResolveOptions: {extensions: [".ts", ".js"]}
  }
};
