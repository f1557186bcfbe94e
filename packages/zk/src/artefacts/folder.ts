/** Where this package keeps its artefacts: `manifest.json` and the files that it names. */
export const ARTEFACTS_FOLDER = new URL('../../artefacts/', import.meta.url);
