import tseslint from "typescript-eslint";

export default tseslint.config(
  {
    ignores: ["dist/", "docs/lib/", "docs/.observablehq/", ".cache/", "node_modules/", "coverage/", "reports/", ".stryker-tmp/"]
  },
  {files: ["**/*.ts", "**/*.js", "**/*.cjs"], extends: [tseslint.configs.base]},
  {
    files: ["**/*.ts"],
    ignores: [".cache/**"],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: {parserOptions: {project: "./tsconfig.json"}},
    rules: {
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/no-non-null-assertion": "error",
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/restrict-template-expressions": ["error", {allowNumber: true, allowBoolean: true}],
      "@typescript-eslint/no-confusing-void-expression": ["error", {ignoreArrowShorthand: true}],
      "@typescript-eslint/no-unnecessary-condition": ["error", {allowConstantLoopConditions: true}],
      "max-lines": ["error", {max: 350, skipComments: true, skipBlankLines: true}],
      "max-lines-per-function": ["error", {max: 60, skipComments: true, skipBlankLines: true}],
      eqeqeq: "error"
    }
  },
  {
    // The model is pure: no page, no clock, no randomness but the seeded one.
    files: ["src/**/*.ts"],
    rules: {
      "no-restricted-globals": [
        "error",
        ...["window", "document", "navigator", "localStorage", "fetch", "process", "console", "setTimeout", "setInterval", "performance", "Date", "crypto"].map((name) => ({name, message: "the model is pure: pass it in"}))
      ],
      "no-restricted-properties": ["error", {object: "Math", property: "random", message: "use the seeded generator"}]
    }
  },
  {
    // Test suites are long functions of short ones.
    files: ["test/**/*.ts"],
    rules: {"max-lines-per-function": "off"}
  }
);
