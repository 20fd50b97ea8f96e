/** Stands in for parts of libraries that the app never asks for: `vite.config.ts` says which. */
export default undefined;
