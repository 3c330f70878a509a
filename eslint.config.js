import js from "@eslint/js";
import tseslint from "typescript-eslint";

export default tseslint.config(
  {
    ignores: [
      "artifacts/",
      "cache/",
      "coverage/",
      "dist/",
      "out/",
      "src/typechain/",
      ".cache/",
      "scripts/consumers/",
      "**/vendor/",
    ],
  },
  js.configs.recommended,
  {
    files: ["**/*.ts"],
    extends: [...tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      // Numbers and bigints read well in messages.
      "@typescript-eslint/restrict-template-expressions": [
        "error",
        { allowNumber: true, allow: [{ name: "bigint", from: "lib" }] },
      ],
      "@typescript-eslint/consistent-type-imports": "error",
      // An index that is known to be in range is said to be so where it is used.
      "@typescript-eslint/no-non-null-assertion": "off",
      // A function is async because its interface is.
      "@typescript-eslint/require-await": "off",
      // What comes from outside is not always what its type says.
      "@typescript-eslint/no-unnecessary-condition": "off",
      // A constructor that only narrows its parameter's type is of use.
      "@typescript-eslint/no-useless-constructor": "off",
    },
  },
  {
    files: ["test/**/*.ts"],
    rules: {
      // chai's assertions are properties: `expect(x).to.be.true`.
      "@typescript-eslint/no-unused-expressions": "off",
    },
  },
  {
    files: ["**/*.{js,mjs}"],
    languageOptions: {
      globals: { console: "readonly", process: "readonly", SharedArrayBuffer: "readonly", Atomics: "readonly" },
    },
  },
);
