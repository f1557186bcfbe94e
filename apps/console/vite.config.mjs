/** Bundles the console into `site/`: every file but `index.html` has its content's hash in its name. */
import { defineConfig } from 'vite';
import solid from 'vite-plugin-solid';

export default defineConfig({
  plugins: [solid()],

  publicDir: false,
  build: {
    outDir: 'site',
    emptyOutDir: true,
    assetsDir: 'console',
    // Inlined files would be data: URLs, which the console's policy does not let in.
    assetsInlineLimit: 0,
    target: 'es2023',
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    manifest: true,
  },
  worker: { format: 'es' },
  logLevel: 'warn',
});
