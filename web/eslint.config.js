import vue from 'eslint-plugin-vue'
import tseslint from 'typescript-eslint'
import vueParser from 'vue-eslint-parser'

const below = (files, patterns, message) => ({
  files,
  rules: { 'no-restricted-imports': ['error', { patterns: [{ group: patterns, message }] }] },
})

export default tseslint.config(
  { ignores: ['**/dist/**', '**/node_modules/**', '**/*.gen.ts', '**/*.js', '**/*.mjs'] },
  ...tseslint.configs.strictTypeChecked,
  ...vue.configs['flat/recommended'],
  {
    files: ['**/*.ts', '**/*.vue'],
    languageOptions: {
      parser: vueParser,
      parserOptions: {
        parser: tseslint.parser,
        projectService: true,
        tsconfigRootDir: import.meta.dirname,
        extraFileExtensions: ['.vue'],
      },
    },
    rules: {
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: false },
      ],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      'no-console': 'error',
      'max-lines': ['error', 500],
      'max-lines-per-function': ['error', { max: 70, skipComments: true }],
    },
  },
  {
    files: ['**/*.vue'],
    rules: {
      // Prettier decides how templates are laid out.
      'vue/max-attributes-per-line': 'off',
      'vue/singleline-html-element-content-newline': 'off',
      'vue/multiline-html-element-content-newline': 'off',
      'vue/html-self-closing': 'off',
      'vue/html-indent': 'off',
      'vue/html-closing-bracket-newline': 'off',
      'vue/multi-word-component-names': 'off',
      'vue/block-lang': ['error', { script: { lang: 'ts' } }],
      'vue/component-api-style': ['error', ['script-setup']],
    },
  },
  {
    files: ['**/*.test.ts', '**/*.spec.ts', 'e2e/**'],
    rules: { 'max-lines-per-function': 'off' },
  },
  {
    files: ['packages/local/src/**', 'packages/protocol/src/**', 'packages/draw/src/**'],
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: 'take `clock` as an argument' },
        { object: 'Math', property: 'random', message: 'take `random` as an argument' },
      ],
      'no-restricted-globals': ['error', 'window', 'document', 'localStorage'],
    },
  },
  below(
    ['packages/protocol/**'],
    ['@sansuiji/*', '**/local/**', '**/apps/**'],
    'protocol imports nothing of ours',
  ),
  below(
    ['packages/draw/**'],
    ['@sansuiji/local', '@sansuiji/ui', '**/apps/**', 'vue', 'vue-*'],
    'draws know no store and no screens',
  ),
  below(
    ['packages/local/**'],
    ['@sansuiji/ui', '**/apps/**', 'vue', 'vue-*', 'vant*'],
    'the store knows no screens',
  ),
  below(['packages/ui/**'], ['@sansuiji/local*', '**/apps/**'], 'packages never import apps'),
)
