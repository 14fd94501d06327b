// Framework as it comes, but for what its build would fetch: web fonts, and a footer with the time of the build.
export default {
  root: "src",
  output: "dist",
  title: "baseline",
  globalStylesheets: ["observablehq:stdlib/inputs.css"],
  footer: "Built with Observable Framework."
};
