import js from '@eslint/js';
import jsxA11y from 'eslint-plugin-jsx-a11y';
import reactHooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';

const LAYERS =
  'components, lib -> features -> app; a feature never imports another one, the app puts them together.';

const CATALOGUE = 'Every text stands in src/lib/text, where it can be translated.';

/** Within a feature addresses are relative, across layers they begin with "@/": so text tells what crosses a border. */
const never = (files, ...group) => ({
  files,
  rules: { 'no-restricted-imports': ['error', { patterns: [{ group, message: LAYERS }] }] },
});

export default tseslint.config(
  { ignores: ['src/lib/api/schema.d.ts', 'node_modules'] },
  js.configs.recommended,
  ...tseslint.configs.recommended,
  jsxA11y.flatConfigs.strict,
  {
    files: ['**/*.{ts,tsx}'],
    plugins: { 'react-hooks': reactHooks },
    rules: {
      ...reactHooks.configs.recommended.rules,
      eqeqeq: 'error',
      'no-console': 'error',
      'max-lines': ['error', { max: 200 }],
      'max-lines-per-function': ['error', { max: 70, skipBlankLines: true, skipComments: true }],
      complexity: ['error', 12],
      '@typescript-eslint/consistent-type-imports': 'error',
    },
  },
  never(
    ['src/lib/**'],
    '@/components/*',
    '@/features/*',
    '@/app/*',
    '../components/*',
    '../features/*',
    '../app/*',
  ),
  never(['src/components/**'], '@/features/*', '@/app/*', '../*'),
  never(['src/features/*/*'], '@/features/*', '@/app/*', '../*'),
  never(['src/features/*/*/**'], '@/features/*', '@/app/*', '../../*/*'),
  {
    files: ['src/**/*.tsx'],
    ignores: ['**/*.test.tsx', 'src/test/**'],
    rules: {
      'no-restricted-syntax': [
        'error',
        { selector: 'JSXText[value=/[A-Za-z]{2}/]', message: CATALOGUE },
        {
          selector:
            'JSXAttribute[name.name=/^(title|label|description|placeholder|alt|aria-label)$/] > Literal',
          message: CATALOGUE,
        },
      ],
    },
  },
  {
    files: ['**/*.test.{ts,tsx}', 'src/test/**'],
    rules: { 'max-lines-per-function': 'off' },
  },
  {
    files: ['scripts/**', '*.config.js'],
    languageOptions: { globals: { console: 'readonly', process: 'readonly', URL: 'readonly' } },
  },
);
