import { fileURLToPath } from 'node:url';

import {
  convertCssVariables,
  DEFAULT_THEME,
  defaultCssVariablesResolver,
  mergeMantineTheme,
} from '@mantine/core';
import react from '@vitejs/plugin-react';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

import { theme } from './src/app/theme.ts';

const THEME_CSS = 'virtual:theme.css';

/**
 * Mantine writes the theme's CSS variables into a <style> element at run time, which a strict
 * Content-Security-Policy forbids. They do not change at run time, so they are written at build time instead.
 */
function staticTheme(): Plugin {
  return {
    name: 'static-theme',
    resolveId: (id) => (id === THEME_CSS ? `\0${THEME_CSS}` : undefined),
    load: (id) => {
      if (id !== `\0${THEME_CSS}`) return undefined;
      const merged = mergeMantineTheme(DEFAULT_THEME, theme);
      return convertCssVariables(defaultCssVariablesResolver(merged), ':root');
    },
  };
}

const backend = process.env.RUNBELL_BACKEND ?? 'http://localhost:8000';

export default defineConfig({
  plugins: [react(), staticTheme()],
  // Relative, for a project's STATIC_URL is not known here.
  base: './',
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  build: {
    outDir: '../src/runbell/static/runbell',
    emptyOutDir: true,
    // Not in .vite/: collectstatic leaves hidden folders out.
    manifest: 'manifest.json',
    rolldownOptions: { input: 'src/main.tsx' },
    target: 'es2022',
    // A data: URL would be one more thing for the policy to allow.
    assetsInlineLimit: 0,
  },
  server: { proxy: { '/api': backend, '/accounts': backend, '/static': backend } },
  test: {
    globals: true,
    environment: 'jsdom',
    setupFiles: ['src/test/setup.ts'],
    css: false,
    restoreMocks: true,
    maxWorkers: 2,
  },
});
