"""The 3D view in the browser: TypeScript sources and the built bundle that is served."""
