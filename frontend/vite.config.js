// The bundle that Django serves: two entries, hashed names, a manifest for django-vite.
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const bundle = fileURLToPath(new URL('../src/junheng/web/static/bundle', import.meta.url));

export default defineConfig({
  base: './',
  publicDir: false,
  css: { transformer: 'lightningcss' },
  build: {
    outDir: bundle,
    emptyOutDir: true,
    manifest: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // Browsers of county offices lag; light-dark() and oklch() are rewritten for them.
    target: ['chrome111', 'edge111', 'firefox114', 'safari16.4'],
    chunkSizeWarningLimit: 1200,
    // htmx holds an eval that `allowEval: false` never reaches and the content policy refuses.
    rolldownOptions: { input: ['src/main.js', 'src/charts.js'], checks: { eval: false } },
  },
});
