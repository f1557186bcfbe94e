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
    rolldownOptions: {
      checks: { pluginTimings: false },
      treeshake: {
        // The SDK takes constants of the protocol, not its schemas: those and their library stay out.
        manualPureFunctions: ['Type'],
        moduleSideEffects: [{ test: /\/(typebox|packages\/protocol)\//, sideEffects: false }],
      },
    },
  },
  worker: { format: 'es' },
  logLevel: 'warn',
});
